"""Sweeps: what time has brought is noted, and told (C19, C36)."""
