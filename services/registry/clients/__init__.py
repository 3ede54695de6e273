"""API clients of organisations, and the access tokens that they are given."""
