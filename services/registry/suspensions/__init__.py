"""Suspensions: which institution an evaluation bars from the cycle that follows (C39, Q14)."""
