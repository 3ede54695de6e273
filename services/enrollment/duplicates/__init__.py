"""Duplicates: two persons that may be one, found by likeness; merged and parted again by who may decide."""
