"""Funds: what came in for a class and what was spent of it, against plan and caps (C30, C33)."""
