"""Certificate numbers: the pack's pattern, a serial and a check character.

Danger: a number once given is never given again. Serials come from the locked row of
`number_series` in the issuing transaction, never from a database sequence, which leaves gaps.
"""

import re

from stdnum.iso7064 import mod_37_36

from shared.events.policy import CertificateRule, PolicyPack

_UNCHECKED = re.compile(r"[^0-9A-Z]")


def check_character(body: str) -> str:
    """Compute the ISO 7064 MOD 37,36 character of a number; hyphens are for reading only."""
    return mod_37_36.calc_check_digit(_UNCHECKED.sub("", body))


def series_of(pack: PolicyPack, rule: CertificateRule) -> tuple[str, str]:
    """Name the series that a pack's numbers belong to: its cycle and its pattern."""
    return pack.cycle_id, rule.number.pattern


def numbers_from(pack: PolicyPack, first: int, count: int) -> list[str]:
    """Write the numbers of `count` serials, beginning with `first`."""
    return [pack.certificate_number(serial, check_character) for serial in range(first, first + count)]
