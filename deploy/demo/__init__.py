"""A whole cycle played as a REST client of the gateway, with synthetic people only."""
