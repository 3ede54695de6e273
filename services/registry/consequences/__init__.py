"""Consequences: what suspensions and evaluations do to designations and classes (C39, Q5, Q9, Q14)."""
