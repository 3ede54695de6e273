"""Completions on the wire: trainees by pseudonymous id only, and every reason with its numbers."""

from datetime import datetime
from typing import Literal

from services.enrollment.completion.domain import ReasonCode
from shared.schemas import Id, Request, View


class ComputeCompletion(Request):
    class_id: Id


class CriteriaView(View):
    """What was asked by plan and pack; `min_score` in hundredths, absent where scores are not looked at."""

    min_attendance_percent: int
    min_minutes: int
    min_online_minutes: int = 0
    report_required: bool = False
    min_score: int | None = None


class CompletionView(View):
    """Judged by `criteria` over `held_minutes`, the minutes of all sessions held."""

    id: str
    cycle_id: str
    revision: int
    class_id: str
    status: Literal["proposed", "confirmed"]
    criteria: CriteriaView
    held_minutes: int
    completed: int
    not_completed: int
    proposed_at: datetime
    confirmed_at: datetime | None
    version: int


class ReasonView(View):
    code: ReasonCode
    measured: int
    required: int
    zh: str
    en: str


class CompletionRowView(View):
    position: int
    enrolment_id: str
    person_id: str
    department_id: str
    minutes: int
    attendance_percent: int
    met: bool
    reasons: list[ReasonView]


class CompletionDetail(CompletionView):
    """The completion with the rows that the caller may see: all, or those of its department."""

    rows: list[CompletionRowView]
