"""Changes of an approved class: proposed with a reason, decided by whoever approves, kept as a new version.

While one is pending the approved version stays in force. What was agreed and coordinated is asked anew
only of a change that touches it: the plan, or who arranges the class (C29, C32).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

RevisionStatus = Literal["pending", "approved", "declined", "withdrawn", "lapsed"]

PENDING: RevisionStatus = "pending"
ACCEPTED: RevisionStatus = "approved"
DECLINED: RevisionStatus = "declined"
WITHDRAWN: RevisionStatus = "withdrawn"
LAPSED: RevisionStatus = "lapsed"

REVISION_STEPS: Mapping[str, RevisionStatus] = MappingProxyType(
    {"approval": ACCEPTED, "declining": DECLINED, "withdrawal": WITHDRAWN}
)
"""What each step makes of a pending revision. It lapses when its class is approved no more."""

PLAN = "plan"
_ARRANGING = frozenset({PLAN, "lead_id", "institution_ids", "co_organisers"})


@dataclass(eq=False)
class ClassRevisionUnknown(Exception):
    """No such revision, or one of a class in which the caller has no part."""

    revision_id: str


@dataclass(eq=False)
class RevisionPending(Exception):
    class_id: str
    revision_id: str


@dataclass(eq=False)
class RevisionDecided(Exception):
    revision_id: str
    revision_status: str
    step: str


@dataclass(eq=False)
class RevisionSaysNothing(Exception):
    """All that the revision says of the class is so already."""

    class_id: str


@dataclass(eq=False)
class AgreementNotAsked(Exception):
    """The revision changes neither the plan nor who arranges the class."""

    revision_id: str


@dataclass(eq=False)
class CapacityBelowHeads(Exception):
    """More trainees are approved than the class would have places."""

    capacity: int
    approved_heads: int


def find_changes(held: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    """Name the facts that a revision says otherwise than they are held, in the order of `said`."""
    return [name for name, value in said.items() if held.get(name) != value]


def touches_agreement(changes: Collection[str]) -> bool:
    """Tell whether parties and coordinators are asked anew: the plan changes, or who arranges the class."""
    return not _ARRANGING.isdisjoint(changes)


def check_changes(class_id: str, changes: Collection[str]) -> None:
    if not changes:
        raise RevisionSaysNothing(class_id)


def check_none_pending(class_id: str, pending_id: str | None) -> None:
    if pending_id is not None:
        raise RevisionPending(class_id, pending_id)


def check_pending(revision_id: str, status: str, step: str) -> None:
    if status != PENDING:
        raise RevisionDecided(revision_id, status, step)


def decide(revision_id: str, status: str, step: str) -> RevisionStatus:
    """Answer what a step makes of a revision; refuse one that is pending no more."""
    check_pending(revision_id, status, step)
    return REVISION_STEPS[step]


def check_capacity(capacity: int, approved_heads: int) -> None:
    if capacity < approved_heads:
        raise CapacityBelowHeads(capacity, approved_heads)
