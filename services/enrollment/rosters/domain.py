"""What is allowed with a roster: who submits, who reviews, when it is final (C36, C37, Q7, Q8, Q15, Q16).

`draft → submitted → approved | returned`. An approved or returned roster never changes again: an
addition is a new roster of the class, with the next number.
"""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

REVIEW = "review_rosters"
OPEN = ("draft", "submitted")
CLASSES_TAKING_ROSTERS = frozenset({"filed", "approved", "running"})
CLASSES_TAKING_TRAINEES = frozenset({"approved", "running"})


@dataclass(eq=False)
class RosterNotFound(Exception):
    roster_id: str


@dataclass(eq=False)
class RosterAlreadyOpen(Exception):
    class_id: str


@dataclass(eq=False)
class RosterNotDraft(Exception):
    roster_id: str
    state: str


@dataclass(eq=False)
class RosterNotSubmitted(Exception):
    roster_id: str
    state: str


@dataclass(eq=False)
class RosterNotReviewed(Exception):
    """Nobody has approved or returned it yet."""

    roster_id: str
    state: str


@dataclass(eq=False)
class RosterEmpty(Exception):
    roster_id: str


@dataclass(eq=False)
class NoRowApproved(Exception):
    roster_id: str


@dataclass(eq=False)
class RowsUndecided(Exception):
    roster_id: str
    positions: list[int]


@dataclass(eq=False)
class RowUnknown(Exception):
    roster_id: str
    position: int


@dataclass(eq=False)
class RowDecidedTwice(Exception):
    position: int


@dataclass(eq=False)
class ReasonMissing(Exception):
    position: int
    decision: str


@dataclass(eq=False)
class ClassTakesNoRosters(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class ClassNotApproved(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class CapacityExceeded(Exception):
    class_id: str
    capacity: int
    persons: int


@dataclass(eq=False)
class SelectionDeadlinePassed(Exception):
    class_id: str
    deadline: str


@dataclass(eq=False)
class ReviewerIsSubmitter(Exception):
    roster_id: str


@dataclass(eq=False)
class PersonAlreadyEnrolled(Exception):
    """Some persons count elsewhere in the cycle, and their rows give no reason for a second class."""

    roster_id: str
    positions: list[int]


def check_draft(roster_id: str, state: str) -> None:
    if state != "draft":
        raise RosterNotDraft(roster_id=roster_id, state=state)


def check_under_review(roster_id: str, state: str) -> None:
    if state != "submitted":
        raise RosterNotSubmitted(roster_id=roster_id, state=state)


def check_reviewed(roster_id: str, state: str, reviewed_at: datetime | None) -> datetime:
    """Tell when a roster was approved or returned."""
    if reviewed_at is None:
        raise RosterNotReviewed(roster_id=roster_id, state=state)
    return reviewed_at


def check_reviewer(roster_id: str, reviewer: str, submitter: str | None) -> None:
    """Compare who acts, not for which organisation: one may own and review a class (Q16)."""
    if reviewer == submitter:
        raise ReviewerIsSubmitter(roster_id=roster_id)


def check_in_time(class_id: str, now: datetime, deadline: datetime | None) -> None:
    """Refuse from the first instant that is too late (Q1); a cycle without a deadline is never late."""
    if deadline is not None and now >= deadline:
        raise SelectionDeadlinePassed(class_id=class_id, deadline=deadline.isoformat())


def check_capacity(class_id: str, capacity: int, enrolled: int, joining: int) -> None:
    if enrolled + joining > capacity:
        raise CapacityExceeded(class_id=class_id, capacity=capacity, persons=enrolled + joining)


def check_decision(
    roster_id: str, position: int, decision: str, reason: str | None, known: Collection[int]
) -> None:
    """Refuse a decision on a row that is not there, and one against a row without a reason (C37)."""
    if position not in known:
        raise RowUnknown(roster_id=roster_id, position=position)
    check_reason(position, decision, reason)


def check_reason(position: int, decision: str, reason: str | None) -> None:
    if decision != "approve" and not reason:
        raise ReasonMissing(position=position, decision=decision)


def check_decided_once(position: int, taken: Collection[int]) -> None:
    if position in taken:
        raise RowDecidedTwice(position=position)


def check_decisions(roster_id: str, decisions: Iterable[tuple[int, str | None]]) -> list[int]:
    """Tell the positions that are approved; a roster is final when every row is decided."""
    rows = sorted(decisions)
    if undecided := [position for position, decision in rows if decision is None]:
        raise RowsUndecided(roster_id=roster_id, positions=undecided)
    approved = [position for position, decision in rows if decision == "approve"]
    if not approved:
        raise NoRowApproved(roster_id=roster_id)
    return approved


def check_heads(roster_id: str, rows: Iterable[tuple[int, bool, str | None]]) -> None:
    """Refuse rows that add no head and give no reason for it (Q7): position, head, reason."""
    if refused := sorted(position for position, head, reason in rows if not head and not reason):
        raise PersonAlreadyEnrolled(roster_id=roster_id, positions=refused)


def rows_digest(rows: Iterable[tuple[int, str, str | None]]) -> str:
    """Hash the rows of a roster, so that a copy can be compared: position, nomination, whom it replaces."""
    words = ((str(position), nomination_id, replaced) for position, nomination_id, replaced in sorted(rows))
    lines = "".join(" ".join(word for word in row if word is not None) + "\n" for row in words)
    return hashlib.sha256(lines.encode()).hexdigest()
