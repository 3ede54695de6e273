"""Organisations, nested bodies and the offices that they host (C02, C03, C18)."""
