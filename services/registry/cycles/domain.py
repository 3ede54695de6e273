"""What may happen to a cycle: a draft pack is replaced at will, an active one never again (C01)."""

from dataclasses import dataclass
from typing import Literal

CycleStatus = Literal["draft", "active", "closed"]

DRAFT: CycleStatus = "draft"
ACTIVE: CycleStatus = "active"


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


def check_follower(cycle_id: str, follows: str, follower: str | None) -> None:
    """Refuse a cycle that would follow one which another cycle follows."""
    if follower is not None and follower != cycle_id:
        raise CycleFollowedAlready(follows, follower)
