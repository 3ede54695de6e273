"""Dry runs: what a pack would change, said before anything is stored (C01)."""
