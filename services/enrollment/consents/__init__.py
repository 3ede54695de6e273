"""Consents: texts by purpose and version, who consented to which, and who took it back (PIPL 13-17)."""
