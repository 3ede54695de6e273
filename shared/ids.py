"""Identifiers: UUIDv7 (RFC 9562), so that new rows fall at the end of an index.

Nothing derives an order from them: order comes from versions and from identity columns.
"""

import os
import re
import time

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


_VARIANTS = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}
"""The two highest bits are 10, the two below are chance."""


def new_id() -> str:
    """Make a UUIDv7 of the present real time."""
    at = f"{time.time_ns() // 1_000_000:012x}"
    chance = os.urandom(10).hex()
    variant = _VARIANTS[chance[3]]
    return f"{at[:8]}-{at[8:]}-7{chance[:3]}-{variant}{chance[4:7]}-{chance[7:19]}"


def minted_seconds_ago(identifier: str) -> float | None:
    """Tell the age in seconds of real time of a UUIDv7; None when it is none."""
    if not _UUID.fullmatch(identifier):
        return None
    return time.time() - int(identifier.replace("-", "")[:12], 16) / 1000
