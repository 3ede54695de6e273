"""Nominations: a person put forward for a class by one channel or both (C34), and screened."""
