"""Liaison forms: who answers for the training in each department (C19, C46)."""
