"""Whom an evaluation bars from the cycle that follows the evaluated one, and when that ends (C39, Q14).

`waiting → in_force` once the cycle that follows is loaded, and back when its draft is made to follow
another; either `→ lifted`, for good: by a decision, or because a newer evaluation takes the place of
the one that suspended.
"""

from collections.abc import Collection
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Judged:
    """What the final round `number` of a cycle, the evaluation, came to about one institution."""

    evaluation_id: str
    number: int
    suspended: bool


def status_of(barred_cycle_id: str | None) -> SuspensionStatus:
    """Answer the state of a suspension that stands: it waits for as long as no cycle follows (Q14)."""
    return WAITING if barred_cycle_id is None else IN_FORCE


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
