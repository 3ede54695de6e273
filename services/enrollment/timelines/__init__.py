"""Timelines: what happened to a class and to a trainee, from nomination to certificate (C25)."""
