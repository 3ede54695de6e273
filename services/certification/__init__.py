"""Certification: proof that others can check."""
