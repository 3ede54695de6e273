"""What makes an organisation: its kind, its code, its place below another.

A department is known by its code as a whole. Nothing here or elsewhere reads a part of it: 330200
is not inside 330000 (C02).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

MASK = "***"
"""What a stranger sees of a personal field: that it is there."""

OPERATOR = "operator"

CONFLICTING: Mapping[str, tuple[str, tuple[str, str]]] = {
    "track": ("tracks_and_teaches", ("跟踪管理并承担培训。", "It tracks the training, and teaches.")),
    "assign_evaluator": (
        "assigns_evaluator_and_teaches",
        ("指派考核机构并承担培训。", "It assigns the evaluator, and teaches."),
    ),
    "decide_ties": (
        "decides_ties_and_teaches",
        ("决定并列的处理并承担培训。", "It decides about ties, and teaches."),
    ),
}
"""The acts that teaching conflicts with (C03, Q12): the code of the flag, and its words in both languages."""

SOLE_KINDS = frozenset({OPERATOR, "bureau", "talent_exchange_centre", "promotion_centre"})
"""Kinds of exactly one organisation: a pack gives acts to them by kind."""


@dataclass(eq=False)
class OrganisationUnknown(Exception):
    organisation_id: str


@dataclass(eq=False)
class OrganisationKindUnknown(Exception):
    """No cycle that was loaded knows this kind, or it is the operator's, which only bootstrap makes."""

    kind: str


@dataclass(eq=False)
class OrganisationNameTaken(Exception):
    """An organisation of this kind already bears the name."""

    kind: str
    name_zh: str


@dataclass(eq=False)
class CodeTaken(Exception):
    code: str


@dataclass(eq=False)
class KindAlreadyHeld(Exception):
    """There is one organisation of this kind, and it is registered."""

    kind: str


@dataclass(eq=False)
class DepartmentCodeMissing(Exception):
    name_zh: str


@dataclass(eq=False)
class ParentIsNested(Exception):
    """A member body has no members of its own: the notices nest once (C14)."""

    parent_id: str


@dataclass(eq=False)
class ParentOfOtherKind(Exception):
    kind: str
    parent_kind: str


@dataclass(eq=False)
class OfficeCodeTaken(Exception):
    code: str


@dataclass(eq=False)
class OfficeUnknown(Exception):
    code: str


@dataclass(eq=False)
class OfficeNotRegistered(Exception):
    office_id: str


@dataclass(eq=False)
class OfficeSeatUnknown(Exception):
    """No pack in force gives the office such a seat."""

    code: str
    seat: str


@dataclass(eq=False)
class SeatTaken(Exception):
    """On this day as many hold the seat as it has places."""

    seat: str
    seats: int
    day: date


@dataclass(eq=False)
class HoldingReversed(Exception):
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class HolderUnknown(Exception):
    holder_id: str


@dataclass(eq=False)
class HolderEnded(Exception):
    """The end of this holder's time is written already."""

    holder_id: str
    ends_on: date


@dataclass(eq=False)
class LinkUnknown(Exception):
    link_id: str


@dataclass(eq=False)
class LinkToItself(Exception):
    organisation_id: str


@dataclass(eq=False)
class LinkedAlready(Exception):
    """A link of the two organisations is on record and has not ended."""

    organisation_id: str
    linked_id: str
    link_id: str


@dataclass(eq=False)
class LinkEnded(Exception):
    link_id: str
    ends_on: date


Term = tuple[date, date | None]
"""The first and the last day on which a seat is held; no last one while it lasts."""


def check_term(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise HoldingReversed(starts_on, ends_on)


def check_seat_free(seat: str, seats: int, term: Term, held: Collection[Term]) -> None:
    """Refuse a holder on whose days, on any of them, the seat has no place left (C18).

    The number of holders rises only where a term begins: those days are looked at.
    """
    days = [term[0], *(begins for begins, _ in held if _holds(term, begins))]
    for day in sorted(days):
        if sum(_holds(one, day) for one in held) >= seats:
            raise SeatTaken(seat, seats, day)


def check_not_ended(holder_id: str, ends_on: date | None) -> None:
    if ends_on is not None:
        raise HolderEnded(holder_id, ends_on)


def _holds(term: Term, day: date) -> bool:
    begins, ends = term
    return begins <= day and (ends is None or day <= ends)


def check_linkable(organisation_id: str, linked_id: str) -> None:
    if organisation_id == linked_id:
        raise LinkToItself(organisation_id)


def check_link_open(link_id: str, ends_on: date | None) -> None:
    if ends_on is not None:
        raise LinkEnded(link_id, ends_on)


def check_kind(kind: str, known: Collection[str]) -> None:
    if kind not in known:
        raise OrganisationKindUnknown(kind)


def check_code(kind: str, name_zh: str, code: str | None) -> None:
    if kind == "department" and code is None:
        raise DepartmentCodeMissing(name_zh)


def check_parent(kind: str, parent_id: str, parent_kind: str, grandparent_id: str | None) -> None:
    """Hold a member body to its federation's kind and to one level: it is evaluated with it (Q5)."""
    if parent_kind != kind:
        raise ParentOfOtherKind(kind, parent_kind)
    if grandparent_id is not None:
        raise ParentIsNested(parent_id)
