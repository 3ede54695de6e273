"""Registry: the plan of each cycle, and who may act in it."""
