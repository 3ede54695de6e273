"""Erasures: how long a person is kept and why, and what becomes of a person whose time is over (PIPL 47)."""
