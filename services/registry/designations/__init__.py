"""Designations: which institution carries which kinds of class in a cycle (C13, C14)."""
