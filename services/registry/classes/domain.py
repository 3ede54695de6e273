"""A class from draft to finish: its states, and what each step asks.

What is asked differs by cycle; these functions take the pack's numbers and lists as plain values.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

ClassStatus = Literal["draft", "filed", "returned", "approved", "running", "finished", "cancelled"]

DRAFT: ClassStatus = "draft"
FILED: ClassStatus = "filed"
RETURNED: ClassStatus = "returned"
APPROVED: ClassStatus = "approved"
RUNNING: ClassStatus = "running"
FINISHED: ClassStatus = "finished"
CANCELLED: ClassStatus = "cancelled"

INSTITUTION = "institution"
CO_ORGANISER = "co_organiser"

STEPS: Mapping[str, tuple[frozenset[ClassStatus], ClassStatus]] = MappingProxyType(
    {
        "filing": (frozenset({DRAFT, RETURNED}), FILED),
        "approval": (frozenset({FILED}), APPROVED),
        "return": (frozenset({FILED}), RETURNED),
        "suspension": (frozenset({FILED, APPROVED}), RETURNED),
        "start": (frozenset({APPROVED}), RUNNING),
        "finish": (frozenset({RUNNING}), FINISHED),
        "cancellation": (frozenset({DRAFT, FILED, RETURNED, APPROVED, RUNNING}), CANCELLED),
    }
)
"""For each step: the states that it may be taken from, and the state that it leads to."""

EDITABLE = frozenset({DRAFT, RETURNED})


@dataclass(eq=False)
class ClassUnknown(Exception):
    """No such class, or a draft of others."""

    class_id: str


@dataclass(eq=False)
class ClassStateForbids(Exception):
    """The step cannot be taken from the state that the class is in."""

    class_id: str
    class_status: str
    step: str


@dataclass(eq=False)
class ClassOfOthers(Exception):
    """Neither leads the class nor filed it."""

    class_id: str


@dataclass(eq=False)
class DatesReversed(Exception):
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class ClassTooLong(Exception):
    ends_on: date
    latest: date


@dataclass(eq=False)
class PlanMissing(Exception):
    class_id: str


@dataclass(eq=False)
class PlanAlreadyAgreed(Exception):
    class_id: str


@dataclass(eq=False)
class PlanNotAgreed(Exception):
    class_id: str


@dataclass(eq=False)
class CompletionUnreachable(Exception):
    """The plan asks of a trainee more minutes than it offers."""

    min_minutes: int
    planned_minutes: int


@dataclass(eq=False)
class CompletionTooEasy(Exception):
    """The plan asks of a trainee less than the pack's minimum."""

    least_minutes: int
    least_percent: int


@dataclass(eq=False)
class ConsentMissing(Exception):
    """An organisation that takes part has not consented to the plan (C32)."""

    organisation_id: str


@dataclass(eq=False)
class ConsentedAlready(Exception):
    organisation_id: str


@dataclass(eq=False)
class ConsentNotGiven(Exception):
    """The organisation has not consented by itself; what the plan says of it is the filer's word."""

    organisation_id: str


@dataclass(eq=False)
class CoordinationNotAsked(Exception):
    """Only joint and commissioned classes are coordinated (C29)."""

    class_id: str


@dataclass(eq=False)
class AlreadyCoordinated(Exception):
    class_id: str


@dataclass(eq=False)
class NotCoordinated(Exception):
    class_id: str


@dataclass(eq=False)
class ClassStartsLater(Exception):
    class_id: str
    starts_on: date


@dataclass(eq=False)
class ClassEndsLater(Exception):
    class_id: str
    ends_on: date


def next_status(class_id: str, status: ClassStatus, step: str) -> ClassStatus:
    """Answer the state that a step leads to; refuse a step that the present state forbids."""
    allowed, following = STEPS[step]
    if status not in allowed:
        raise ClassStateForbids(class_id, status, step)
    return following


def check_in(class_id: str, status: str, allowed: Collection[str], step: str) -> None:
    if status not in allowed:
        raise ClassStateForbids(class_id, status, step)


def check_dates(starts_on: date, ends_on: date, latest: date | None) -> None:
    """Hold a class to the longest duration of its kind (C08)."""
    if ends_on < starts_on:
        raise DatesReversed(starts_on, ends_on)
    if latest is not None and ends_on > latest:
        raise ClassTooLong(ends_on, latest)


def check_completion(
    *,
    min_minutes: int,
    min_attendance_percent: int,
    planned_minutes: int,
    least_minutes: int,
    least_percent: int,
) -> None:
    """Hold a plan's criteria (Q10) between the pack's minimums and what the plan offers."""
    if min_minutes > planned_minutes:
        raise CompletionUnreachable(min_minutes, planned_minutes)
    if min_minutes < least_minutes or min_attendance_percent < least_percent:
        raise CompletionTooEasy(least_minutes, least_percent)


def check_consents(parties: Iterable[str], *, filed_by: str, consenting_ids: Collection[str]) -> None:
    """Everyone who takes part has consented to the plan; who files it consents by filing (C32)."""
    for party in parties:
        if party != filed_by and party not in consenting_ids:
            raise ConsentMissing(party)


def check_started(class_id: str, starts_on: date, today: date) -> None:
    if today < starts_on:
        raise ClassStartsLater(class_id, starts_on)


def check_ended(class_id: str, ends_on: date, today: date) -> None:
    """Refuse to close a class before its last day: certificates follow its end (C40)."""
    if today < ends_on:
        raise ClassEndsLater(class_id, ends_on)
