"""Whom an evaluation bars from the cycle that follows the evaluated one, and when that ends (C39, Q14).

`waiting → in_force` once the cycle that follows is loaded, and back when its draft is made to follow
another; either `→ lifted`, for good: by a decision, or because a newer evaluation takes the place of
the one that suspended.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

SuspensionStatus = Literal["waiting", "in_force", "lifted"]
Ground = Literal["below", "bottom_n", "decision"]

WAITING: SuspensionStatus = "waiting"
IN_FORCE: SuspensionStatus = "in_force"
LIFTED: SuspensionStatus = "lifted"


@dataclass(eq=False)
class SuspensionUnknown(Exception):
    suspension_id: str


@dataclass(eq=False)
class AlreadyLifted(Exception):
    """The suspension bars nobody any more."""

    suspension_id: str


@dataclass(eq=False)
class InstitutionSuspended(Exception):
    """An evaluation of the cycle before bars the institution, or its federation (Q5), from this one (C39)."""

    institution_id: str
    suspension_id: str
    evaluation_id: str
    evaluated_cycle_id: str


@dataclass(eq=False)
class InstitutionSuspendedBefore(Exception):
    """A decision about a past cycle, which was imported, bars the institution from this one (C39)."""

    institution_id: str
    suspension_id: str
    document: str
    evaluated_cycle_id: str


@dataclass(eq=False)
class CycleRanHere(Exception):
    """Whom the evaluation of a cycle of this platform suspends is decided by its rounds, not imported."""

    cycle_id: str


@dataclass(eq=False)
class ImportedOtherwise(Exception):
    """The suspension of the institution after this past cycle is on record, and says something else."""

    institution_id: str
    evaluated_cycle_id: str
    suspension_id: str


@dataclass(eq=False)
class OtherCycleFollows(Exception):
    """What follows what contradicts the cycle that is to be barred (Q14)."""

    evaluated_cycle_id: str
    barred_cycle_id: str
    contradicting_id: str


@dataclass(eq=False)
class NotYetDecided(Exception):
    """A decision is imported once it has been taken."""

    decided_on: date
    today: date


@dataclass(frozen=True, slots=True)
class Judged:
    """What the final round `number` of a cycle, the evaluation, came to about one institution."""

    evaluation_id: str
    number: int
    suspended: bool


def status_of(barred_cycle_id: str | None) -> SuspensionStatus:
    """Answer the state of a suspension that stands: it waits for as long as no cycle follows (Q14)."""
    return WAITING if barred_cycle_id is None else IN_FORCE


def check_decided(decided_on: date, today: date) -> None:
    if decided_on > today:
        raise NotYetDecided(decided_on, today)


def check_barred(
    evaluated_cycle_id: str, barred_cycle_id: str, *, follows: str | None, follower: str | None
) -> None:
    """Let a cycle be barred that follows the past one, or of which nobody has said what it follows (Q14)."""
    contradicting = follower if follower not in {None, barred_cycle_id} else follows
    if barred_cycle_id == evaluated_cycle_id or contradicting not in {None, evaluated_cycle_id}:
        raise OtherCycleFollows(evaluated_cycle_id, barred_cycle_id, contradicting or evaluated_cycle_id)


def check_not_lifted(suspension_id: str, status: SuspensionStatus) -> None:
    if status == LIFTED:
        raise AlreadyLifted(suspension_id)


def replaced(judgements: Collection[Judged], suspending: Collection[str]) -> dict[str, str]:
    """Name the evaluations of one institution that a newer one replaces, each with the newest that does.

    An evaluation replaces the older ones when it lets the institution off, or once its own suspension
    is kept (`suspending`): while the decision is on its way, the older suspension stands in for it. The
    answer depends on what has arrived, not on the order in which it did.
    """
    replacing = [one for one in judgements if not one.suspended or one.evaluation_id in suspending]
    if not replacing:
        return {}
    newest = max(replacing, key=lambda one: one.number)
    return {one.evaluation_id: newest.evaluation_id for one in judgements if one.number < newest.number}


def why_replaced(evaluation_id: str) -> str:
    """Write the reason for which a suspension ends that a newer evaluation replaces."""
    return f"由新的考核评估 {evaluation_id} 取代。Replaced by the newer evaluation {evaluation_id}."
