"""Persons as they are shown: masked by default, in full once and with a reason to who cares for them."""
