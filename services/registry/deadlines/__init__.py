"""Deadlines: the ledger of a cycle, by which everything with a deadline is judged (C19, C36, Q1)."""
