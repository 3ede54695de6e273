"""Every named refusal of this service, with its status, its sentences and who can mend it."""

from shared.problems import Faults

ERRORS: Faults = {}
