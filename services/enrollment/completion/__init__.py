"""Completion: who met the criteria of the plan and why; proposed by one, confirmed by another (C40)."""
