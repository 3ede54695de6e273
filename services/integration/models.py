"""The tables of integration."""
