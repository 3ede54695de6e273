"""Enrollment: who is trained, and what they did."""
