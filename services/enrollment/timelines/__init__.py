"""Timelines: what happened to a class and to a trainee, from plan and nomination to certificate (C25)."""
