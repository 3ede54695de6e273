"""Figures against the bars: `make bench`, or `make bench ONLY=name` for one."""
