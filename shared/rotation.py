"""When a key is used and when it may go: rules about the instants at which keys were made.

A key that was made a moment ago is known to no other process. So it is readable and published at once, and
used only when it has settled, that is when all who must know it have had the time to hear of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Made = int | None
"""Seconds since 1970; `None` for a key of which nobody noted when it was made."""

_MINUTE = 60
_DAY = 24 * 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class Rotation:
    """How keys of a purpose change over: seconds from making to use, seconds that a former key is kept.

    `kept` counts from the first use of its successor; `None` keeps it for good.
    """

    settling: int
    kept: int | None = None


TOKENS = Rotation(settling=5 * _MINUTE, kept=15 * _MINUTE)
"""Gateways hear of a key within two polls, folders of keys that are copied to other machines within minutes.

A token lives ten minutes; five more are for clocks that differ and for requests that take their time.
"""

AT_RESTART = Rotation(settling=_DAY)
"""Processes that read their keys at their start: a day to start each of them once."""

AT_STANDSTILL = Rotation(settling=0)
"""Keys by which equal values are found equal: two processes with different ones would not see a double."""


def in_use(made: Sequence[Made], rotation: Rotation, now: float) -> int:
    """Find the place of the key that is used, newest first: the newest that has settled, else the oldest."""
    settled = (place for place, at in enumerate(made) if at is None or at + rotation.settling <= now)
    return next(settled, len(made) - 1)


def needed(made: Sequence[Made], rotation: Rotation, now: float) -> int:
    """Count the keys, newest first, that are still needed: what the others made has ended."""
    if rotation.kept is None:
        return len(made)
    past = rotation.settling + rotation.kept
    ruling = (place for place, at in enumerate(made) if at is not None and at + past <= now)
    return next(ruling, len(made) - 1) + 1


def settles_at(made: Sequence[Made], rotation: Rotation, now: float) -> int | None:
    """Tell when the rotation that is under way will have settled; `None` when there is none.

    A key that stands alone is used from the first, so it is no rotation.
    """
    newest = made[0]
    if len(made) == 1 or newest is None or newest + rotation.settling <= now:
        return None
    return newest + rotation.settling
