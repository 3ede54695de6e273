"""What goes over the wire. Scores and totals travel as decimal text: `87.13`."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from pydantic import StringConstraints as Text

from services.evaluation.domain import Ground, RoundStatus
from services.evaluation.sheets import DECIMALS_READ
from shared.schemas import CycleId, Day, Id, LongText, Request, ShortText, View

MOST_ORGANISATIONS = 1000
MOST_INDICATORS = 200

Score = Annotated[str, Text(pattern=rf"^[0-9]{{1,4}}(\.[0-9]{{1,{DECIMALS_READ}}})?$")]
"""A plain decimal as text, so that nothing is lost on the way: 87.125 is not exact as a binary number."""

IndicatorCode = Annotated[str, Text(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z][0-9A-Za-z.]*$")]


class OpenRound(Request):
    cycle_id: CycleId


class AssignEvaluator(Request):
    """`interests`: the organisations to which the evaluator declares a link; an empty list declares none."""

    evaluator_id: Id
    starts_on: Day
    ends_on: Day
    interests: list[Id] = Field(max_length=MOST_ORGANISATIONS)


class IndicatorScore(Request):
    indicator: IndicatorCode
    score: Score
    evidence: ShortText


class ScoreSheet(Request):
    """The whole sheet of one institution: every indicator of the round, each once."""

    institution_id: Id
    scores: list[IndicatorScore] = Field(min_length=1, max_length=MOST_INDICATORS)


class DecideTie(Request):
    """Those of the undecided who are suspended; an empty list suspends none of them."""

    suspended_ids: list[Id] = Field(max_length=MOST_ORGANISATIONS)
    reason: LongText


class RoundView(View):
    """`undecided_ids` shows only what the caller may see of the results."""

    id: str
    cycle_id: str
    revision: int
    number: int
    status: RoundStatus
    institutions: int
    scored: int
    undecided_ids: list[str]
    opened_at: datetime
    closed_at: datetime | None
    published_at: datetime | None
    finalised_at: datetime | None
    version: int


class IndicatorView(View):
    """A leaf of the tree; the weights of a round come to exactly 100.00."""

    code: str
    zh: str
    en: str
    group: str
    group_zh: str
    group_en: str
    weight: str
    basis: list[str]


class SchemeView(View):
    """Which tree the indicators come from, and what it says of itself."""

    code: str
    note_zh: str
    note_en: str


class TieDecisionView(View):
    decided_at: datetime
    reason: str


class WholeRoundView(RoundView):
    """`conflict_ids` flags who is evaluated and also reads or decides evaluations (Q12)."""

    top_score: int
    decimals: int
    scheme: SchemeView
    indicators: list[IndicatorView]
    institution_ids: list[str]
    conflict_ids: list[str]
    tie_decision: TieDecisionView | None


class AssignmentView(View):
    id: str
    round_id: str
    cycle_id: str
    evaluator_id: str
    starts_on: date
    ends_on: date
    interests: list[str]
    assigned_at: datetime
    version: int


class AttemptView(View):
    institution_id: str
    attempt: int
    total: str


class ScoreView(View):
    indicator: str
    score: str
    evidence: str


class ReasonView(View):
    """One sentence of the explanation; the numbers that do not belong to it are null."""

    code: str
    zh: str
    en: str
    rule: str | None
    clause: list[str]
    decision: list[str]
    total: str | None
    line: str | None
    rank: int | None
    ranked: int | None
    n: int | None
    tied: int | None


class ResultView(View):
    """The result of one institution; `scores` is the sheet that counts."""

    id: str
    institution_id: str
    attempts: int
    total: str | None
    rank: int | None
    suspended: bool
    ground: Ground | None
    reasons: list[ReasonView]
    scores: list[ScoreView]
    version: int
