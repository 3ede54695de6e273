"""Rosters: the list of a class, submitted by who runs it, reviewed by whom the pack names (C37)."""
