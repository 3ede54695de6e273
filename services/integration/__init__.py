"""Integration: telling others."""
