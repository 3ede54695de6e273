"""What may happen to a cycle: a draft pack is replaced at will, an active one never again (C01)."""

from dataclasses import dataclass
from typing import Literal

from shared.events.policy import PolicyPack

CycleStatus = Literal["draft", "active", "closed"]

DRAFT: CycleStatus = "draft"
ACTIVE: CycleStatus = "active"
CLOSED: CycleStatus = "closed"

ONLY_VERSION = 1
"""A revision never changes, so it has one version."""

FIXED = ("follows", "zone")
"""What no revision changes of a cycle; its label is a part of its id."""


@dataclass(eq=False)
class CycleUnknown(Exception):
    """No pack with this cycle id was ever loaded."""

    cycle_id: str


@dataclass(eq=False)
class RevisionUnknown(Exception):
    """The cycle's pack has no such revision."""

    cycle_id: str
    revision: int


@dataclass(eq=False)
class CycleNotActive(Exception):
    """The cycle's pack is still a draft, or the cycle is closed: nobody acts in it."""

    cycle_id: str
    cycle_status: str


@dataclass(eq=False)
class CycleAlreadyActive(Exception):
    """The cycle was activated before."""

    cycle_id: str


@dataclass(eq=False)
class PackImmutable(Exception):
    """The pack is in force: a correction would be a new revision."""

    cycle_id: str


@dataclass(eq=False)
class RevisionOfOtherCycle(Exception):
    """The pack is that of another cycle, by its programme or its label."""

    cycle_id: str
    given_cycle_id: str


@dataclass(eq=False)
class RevisionChangesCycle(Exception):
    """It would move whom an evaluation bars (Q14), or the days that were kept, which lie outside the pack."""

    cycle_id: str
    field: str


@dataclass(eq=False)
class RevisionChangesNothing(Exception):
    """The pack is, to the last word, the one that is in force."""

    cycle_id: str
    revision: int


@dataclass(eq=False)
class CycleFollowedAlready(Exception):
    """One cycle follows another: whom an evaluation bars from "the next year" must not be a choice (Q14)."""

    cycle_id: str
    followed_by: str


def check_replaceable(cycle_id: str, status: str) -> None:
    if status != DRAFT:
        raise PackImmutable(cycle_id)


def check_activatable(cycle_id: str, status: str) -> None:
    if status != DRAFT:
        raise CycleAlreadyActive(cycle_id)


def check_active(cycle_id: str, status: str) -> None:
    if status != ACTIVE:
        raise CycleNotActive(cycle_id, status)


def check_correction(cycle_id: str, revision: int, old: PolicyPack, new: PolicyPack) -> None:
    """Refuse a pack that is no correction of the one in force (C01)."""
    if new.cycle_id != cycle_id:
        raise RevisionOfOtherCycle(cycle_id, new.cycle_id)
    for field in FIXED:
        if getattr(old.cycle, field) != getattr(new.cycle, field):
            raise RevisionChangesCycle(cycle_id, field)
    if new.sha256 == old.sha256:
        raise RevisionChangesNothing(cycle_id, revision)


def check_follower(cycle_id: str, follows: str, follower: str | None) -> None:
    """Refuse a cycle that would follow one which another cycle follows."""
    if follower is not None and follower != cycle_id:
        raise CycleFollowedAlready(follows, follower)
