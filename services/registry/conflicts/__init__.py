"""Conflicts of interest: who holds an act over the training of a cycle and teaches in it (C03, Q12)."""
