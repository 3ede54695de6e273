"""Enrolments: trainees of approved rosters, and the heads that they add to a cycle (C06, Q7)."""
