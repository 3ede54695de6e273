"""Learning: the sessions of a class and who attended them, for how many minutes (C11, C20)."""
