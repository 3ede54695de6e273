"""What is allowed in a round: who evaluates, what a sheet holds, when it closes and becomes final (C38, C39).

`open → scored → published → final`. Refusals carry plain values only: rows expire with the rollback that a
refusal causes. The outcome itself stands in `outcome.py`, the sums in `sheets.py`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

RoundStatus = Literal["open", "scored", "published", "final"]
Ground = Literal["below", "bottom_n", "decision"]

READING_ACTS = ("assign_evaluator", "decide_ties", "track")
"""Who holds one of these in a cycle sees all of its rounds."""

TOLD: tuple[RoundStatus, ...] = ("published", "final")
"""From publication on an institution sees its own result."""

EVALUATOR = "evaluator"
TRAINING_STATUSES = frozenset({"approved", "running", "finished"})
WHOLE_WEIGHT = 10_000
"""100.00 in hundredths: what the weights of a tree come to."""


@dataclass(eq=False)
class CycleUnknown(Exception):
    cycle_id: str


@dataclass(eq=False)
class RevisionUnknown(Exception):
    """A revision of the cycle's pack has not arrived here, or not again."""

    cycle_id: str
    revision: int


@dataclass(eq=False)
class CycleNotActive(Exception):
    cycle_id: str
    status: str


@dataclass(eq=False)
class OrganisationUnknown(Exception):
    organisation_id: str


@dataclass(eq=False)
class NobodyDesignated(Exception):
    """No institution carries classes of the cycle, so there is nobody to evaluate."""

    cycle_id: str


@dataclass(eq=False)
class RoundUnknown(Exception):
    round_id: str


@dataclass(eq=False)
class RoundAlreadyOpen(Exception):
    """The cycle has a round that is not final yet."""

    cycle_id: str


@dataclass(eq=False)
class RoundNotOpen(Exception):
    round_id: str
    status: str


@dataclass(eq=False)
class RoundStillOpen(Exception):
    round_id: str


@dataclass(eq=False)
class RoundNotScored(Exception):
    """Only a closed round that was not published yet is published."""

    round_id: str
    status: str


@dataclass(eq=False)
class RoundNotPublished(Exception):
    round_id: str
    status: str


@dataclass(eq=False)
class NotAnEvaluator(Exception):
    organisation_id: str
    kind: str


@dataclass(eq=False)
class EvaluatorAlreadyAssigned(Exception):
    evaluator_id: str


@dataclass(eq=False)
class DatesReversed(Exception):
    starts_on: str
    ends_on: str


@dataclass(eq=False)
class TrainingNotApproved(Exception):
    """No class of the cycle is approved, so there is no training period to evaluate in (培训期间)."""

    cycle_id: str


@dataclass(eq=False)
class OutsideTraining(Exception):
    """Evaluation happens during the training: from its first day to its last (C38)."""

    first_day: str
    last_day: str


@dataclass(eq=False)
class EvaluatorHasInterest(Exception):
    """The evaluator is linked to institutions of the round, by its declaration or by itself (Q12)."""

    evaluator_id: str
    organisation_ids: list[str]


@dataclass(eq=False)
class EvaluatorLinked(Exception):
    """On days of its assignment the evaluator is linked with an institution of the round, as is on record."""

    evaluator_id: str
    organisation_id: str
    link_id: str


@dataclass(eq=False)
class EvaluatorTakesPart(Exception):
    """The evaluator has a role in classes of the cycle (Q12)."""

    evaluator_id: str
    class_ids: list[str]


@dataclass(eq=False)
class EvaluatorDesignated(Exception):
    """The evaluator carries classes of the cycle itself (Q12)."""

    evaluator_id: str


@dataclass(eq=False)
class OutsideAssignment(Exception):
    """An evaluator scores between the days of its assignment."""

    today: str
    starts_on: str
    ends_on: str


@dataclass(eq=False)
class InstitutionNotEvaluated(Exception):
    """It is not in the round; a member body is scored with its federation (Q5)."""

    institution_id: str


@dataclass(eq=False)
class InstitutionScoredTwice(Exception):
    institution_id: str


@dataclass(eq=False)
class IndicatorsMissing(Exception):
    indicators: list[str]


@dataclass(eq=False)
class IndicatorsUnknown(Exception):
    indicators: list[str]


@dataclass(eq=False)
class IndicatorsRepeated(Exception):
    indicators: list[str]


@dataclass(eq=False)
class ScoreTooHigh(Exception):
    indicators: list[str]
    top_score: int


@dataclass(eq=False)
class InstitutionsUnscored(Exception):
    """An institution without a score keeps the round from closing (Q4)."""

    round_id: str
    institution_ids: list[str]


@dataclass(eq=False)
class NothingUndecided(Exception):
    round_id: str


@dataclass(eq=False)
class NotUndecided(Exception):
    round_id: str
    institution_ids: list[str]


@dataclass(eq=False)
class DeciderHasScored(Exception):
    """Who submitted scores does not decide what comes of them; acting principals are compared (Q16)."""

    round_id: str


@dataclass(eq=False)
class TieUndecided(Exception):
    """A tie across the cut stops for a recorded decision (C39, Q3)."""

    round_id: str
    institution_ids: list[str]


def check_open(round_id: str, status: str) -> None:
    if status != "open":
        raise RoundNotOpen(round_id, status)


def check_scored(round_id: str, status: str) -> None:
    if status != "scored":
        raise RoundNotScored(round_id, status)


def check_published(round_id: str, status: str) -> None:
    if status != "published":
        raise RoundNotPublished(round_id, status)


def check_evaluator(organisation_id: str, kind: str) -> None:
    if kind != EVALUATOR:
        raise NotAnEvaluator(organisation_id, kind)


def check_dates(starts_on: date, ends_on: date) -> None:
    if starts_on > ends_on:
        raise DatesReversed(starts_on.isoformat(), ends_on.isoformat())


def check_within_training(
    cycle_id: str, starts_on: date, ends_on: date, classes: Iterable[tuple[date, date]]
) -> None:
    """Hold an assignment to the training period: first to last day of the classes that take place."""
    days = list(classes)
    if not days:
        raise TrainingNotApproved(cycle_id)
    first, last = min(start for start, _ in days), max(end for _, end in days)
    if starts_on < first or ends_on > last:
        raise OutsideTraining(first.isoformat(), last.isoformat())


def check_independent(
    evaluator_id: str, *, linked: Collection[str], class_ids: Sequence[str], designated: bool
) -> None:
    """Refuse an evaluator that is linked to whom it evaluates, teaches itself, or could (Q12)."""
    if linked:
        raise EvaluatorHasInterest(evaluator_id, sorted(linked))
    if designated:
        raise EvaluatorDesignated(evaluator_id)
    if class_ids:
        raise EvaluatorTakesPart(evaluator_id, list(class_ids))


def check_within_assignment(today: date, starts_on: date, ends_on: date) -> None:
    if not starts_on <= today <= ends_on:
        raise OutsideAssignment(today.isoformat(), starts_on.isoformat(), ends_on.isoformat())


def check_all_scored(round_id: str, unscored: Sequence[str], treatment: str) -> None:
    if unscored and treatment == "block":
        raise InstitutionsUnscored(round_id, list(unscored))


def check_tie_decision(
    round_id: str, status: str, undecided: Collection[str], suspended: Collection[str]
) -> None:
    """Allow a decision about those who are undecided, once the round is closed; how many fall is open."""
    if status == "open":
        raise RoundStillOpen(round_id)
    if not undecided:
        raise NothingUndecided(round_id)
    if strangers := sorted(set(suspended) - set(undecided)):
        raise NotUndecided(round_id, strangers)


def check_decider(round_id: str, principal: str, scorers: Collection[str]) -> None:
    if principal in scorers:
        raise DeciderHasScored(round_id)


def check_decided(round_id: str, undecided: Sequence[str]) -> None:
    if undecided:
        raise TieUndecided(round_id, list(undecided))
