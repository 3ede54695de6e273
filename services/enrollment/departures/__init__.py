"""Departures: trainees leave a class, with their heads (Q7, Q8) and their places in activities."""
