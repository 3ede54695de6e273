"""Closing a cycle: once everything in it has come to its end, nobody acts in it any more (C01)."""
