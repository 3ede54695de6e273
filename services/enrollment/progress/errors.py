"""Progress refuses nothing of its own: what is not to be seen is not counted."""

from shared.problems import Faults

ERRORS: Faults = {}
