"""The one public door: routes, verifies, limits and streams; knows no service from inside."""
