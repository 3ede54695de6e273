"""Identifiers: UUIDv7 (RFC 9562), so that new rows fall at the end of an index.

Nothing derives an order from them: order comes from versions and from identity columns.
"""

import os
import re
import time

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """Make a UUIDv7 of the present real time."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def minted_seconds_ago(identifier: str) -> float | None:
    """Tell the age in seconds of real time of a UUIDv7; None when it is none."""
    if not _UUID.fullmatch(identifier):
        return None
    return time.time() - int(identifier.replace("-", "")[:12], 16) / 1000
