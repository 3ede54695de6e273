"""Plans of departments and seats allotted to them: intentions, shown against what is, and never a gate."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(eq=False)
class KindPlannedTwice(Exception):
    """A department plans each kind of class once."""

    class_kind: str


@dataclass(eq=False)
class SeatsOfOtherCycle(Exception):
    """The class belongs to another cycle than the seats."""

    class_id: str
    class_cycle_id: str


@dataclass(eq=False)
class SeatsOfOtherInstitution(Exception):
    """The institution named neither leads nor teaches the class."""

    class_id: str
    institution_id: str


@dataclass(eq=False)
class AllottedTwiceHere(Exception):
    """Two items of one request allot seats of the same department at the same place."""

    first_index: int


def check_kinds_once(kinds: Iterable[str]) -> None:
    seen: set[str] = set()
    for kind in kinds:
        if kind in seen:
            raise KindPlannedTwice(kind)
        seen.add(kind)


def place_word(institution_id: str | None, class_id: str | None) -> str:
    """Name in one word where seats are: `institution/class`, each empty where none is named."""
    return f"{institution_id or ''}/{class_id or ''}"
