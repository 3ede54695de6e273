"""Cycles and their policy packs: what a notice says, as data (C01)."""
