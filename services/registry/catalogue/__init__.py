"""The public catalogue: what everybody may know, in words, without signing in (C17, C24)."""
