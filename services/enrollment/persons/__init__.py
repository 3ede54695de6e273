"""Persons: one row per identity document, sealed; the same document is the same person."""
