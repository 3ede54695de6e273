"""How far a floor is reached (C06, C07), and would be by what is assumed.

Numbers are exact, a share is rounded down only where it is shown, and what is assumed never gives a head more
than its shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from shared.events.policy import Floor

_SHOWN = Decimal("0.0001")


ONE_OF = frozenset(
    {"industry_section", "industry_division", "size_class", "tier", "target_group", "department"}
)
"""The attributes of which a person has one value at most; both channels may name the same person (C34)."""


@dataclass(eq=False)
class SharesAboveOne(Exception):
    """The shares of one attribute come to more than everybody."""

    attribute: str


@dataclass(eq=False)
class NothingToDrop(Exception):
    """No trainee stands under these: classes, enrolments, or rosters with positions."""

    cycle_id: str
    ids: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """Heads of a class: `facts` are those of the class, `shares` of its people, by attribute and value."""

    persons: int
    facts: Mapping[str, str | None]
    shares: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


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


def check_shares(shares: Sequence[tuple[str, str, Decimal]]) -> dict[tuple[str, str], Decimal]:
    """Refuse shares of one attribute that come to more than one; what is said twice adds up."""
    found: dict[tuple[str, str], Decimal] = {}
    for attribute, value, share in shares:
        found[attribute, value] = found.get((attribute, value), Decimal()) + share
    for attribute in sorted({attribute for attribute, _ in found}):
        given = [share for (named, _), share in found.items() if named == attribute]
        if (sum(given) if attribute in ONE_OF else max(given)) > 1:
            raise SharesAboveOne(attribute=attribute)
    return found


def count_assumed(floor: Floor, assumed: Assumed) -> int:
    """Tell how many of these heads a floor counts; of an attribute that is not stated, none."""
    if floor.attribute is None:
        return assumed.persons
    if floor.attribute in assumed.facts:
        return assumed.persons if assumed.facts[floor.attribute] in floor.values else 0
    share = sum(assumed.shares.get((floor.attribute, value), Decimal()) for value in floor.values)
    return int(assumed.persons * min(share, Decimal(1)))


def resized(counted: int, persons: int, to: int) -> int:
    """Keep the share of what a floor counts when a class changes its number."""
    return counted * to // persons
