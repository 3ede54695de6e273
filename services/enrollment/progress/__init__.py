"""Progress of a cycle against its floors, live, in persons: every person counts once (C06, C07, Q2)."""
