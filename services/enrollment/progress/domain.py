"""How far a floor is reached (C06, C07): numbers exact, a share rounded down only where it is shown."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from shared.events.policy import Floor

_SHOWN = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """`missing` is how many more persons the floor asks for, of as many as are approved now."""

    numerator: int
    denominator: int | None
    share: Decimal | None
    reached: bool
    missing: int


def measure(floor: Floor, *, counted: int, persons: int) -> Reach:
    """Compare the persons whom a floor counts with what it asks; a share of nobody is not reached."""
    missing = max((floor.min_persons or 0) - counted, 0)
    if floor.min_share is None:
        return Reach(numerator=counted, denominator=None, share=None, reached=not missing, missing=missing)
    asked = int((floor.min_share * persons).to_integral_value(ROUND_UP))
    missing = max(asked - counted, missing)
    return Reach(
        numerator=counted,
        denominator=persons,
        share=share_of(counted, persons),
        reached=persons > 0 and not missing,
        missing=missing,
    )


def share_of(counted: int, persons: int) -> Decimal | None:
    """Show a share, never rounded up; of nobody there is none."""
    return (Decimal(counted) / persons).quantize(_SHOWN, ROUND_DOWN) if persons else None
