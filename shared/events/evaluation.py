"""What `evaluation` tells: rounds, who evaluates in them, results, and who is suspended for it.

Scores are integer hundredths of the pack's scale (C38, Q6). Nothing here names a trainee.
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.events.envelope import Fact, State

RoundStatus = Literal["open", "scored", "published", "final"]
Ground = Literal["below", "bottom_n", "decision"]
"""The rule of the pack by which an institution falls, or the recorded decision about a tie (Q3)."""


class EvaluatedRow(BaseModel):
    """One institution of a final round; an unscored one has no total, and a rank only where it counts."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    institution_id: str
    total: int | None = None
    rank: int | None = None
    suspended: bool


class EvaluationCompleted(Fact):
    """A round is final, with every institution in it (C38, C39)."""

    TYPE: ClassVar[str] = "evaluation.evaluation_completed.v1"
    round_id: str
    number: int
    rows: list[EvaluatedRow]


class SuspensionDecided(Fact):
    """An institution is barred from the cycle that follows the evaluated one (C39, Q14)."""

    TYPE: ClassVar[str] = "evaluation.suspension_decided.v1"
    round_id: str
    institution_id: str
    evaluated_cycle_id: str
    ground: Ground
    total: int | None = None
    rank: int | None = None
    clause: tuple[str, ...] = ()


class RoundState(State):
    """A round of a cycle: how many institutions are in it and how many have been scored."""

    RESOURCE: ClassVar[str] = "evaluation.round"
    cycle_id: str
    number: int
    status: RoundStatus
    institutions: int
    scored: int = 0
    undecided: int = 0


class AssignmentState(State):
    """An evaluator of a round, and the days between which it evaluates (C38)."""

    RESOURCE: ClassVar[str] = "evaluation.assignment"
    round_id: str
    cycle_id: str
    evaluator_id: str
    starts_on: date
    ends_on: date


class ResultState(State):
    """What one institution came to in a round, after so many attempts."""

    RESOURCE: ClassVar[str] = "evaluation.result"
    round_id: str
    cycle_id: str
    institution_id: str
    attempts: int
    total: int | None = None
    rank: int | None = None
    suspended: bool = False
