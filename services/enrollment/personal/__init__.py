"""Personal links: by which a trainee reads the own record, checks in, and nothing else (Q11)."""
