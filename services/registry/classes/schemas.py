"""What goes over the wire about classes and training plans."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.registry.organisations.schemas import Word
from shared.events.registry import ClassStatus, CoOrganiser
from shared.schemas import CycleId, Day, Fen, Id, LongText, Minutes, Name, Percent, Request, View

Seats = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Taught = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class NameCoOrganiser(Request):
    organisation_id: Id
    kind: Word


class ClassFacts(Request):
    """What a class is; a revision of a draft or returned class replaces all of it."""

    kind: Word
    arrangement: Word
    special_topic: Word | None = None
    title_zh: Name
    title_en: Name | None = None
    lead_id: Id | None = Field(
        default=None, description="Who runs the class; by default the filer if it may, else the institution."
    )
    institution_ids: list[Id] = Field(default_factory=list, max_length=50)
    co_organisers: list[NameCoOrganiser] = Field(default_factory=list, max_length=50)
    place_department_id: Id
    starts_on: Day
    ends_on: Day
    capacity: Seats


class DraftClass(ClassFacts):
    cycle_id: CycleId


class Course(Request):
    title: Name
    minutes: Taught
    method: Word = Field(description="How it is taught: lecture, case_study, workshop …")
    mode: Word | None = Field(default=None, description="A session mode of the pack (C11).")
    directions: list[Word] = Field(default_factory=list, max_length=20)


class PlannedVisit(Request):
    """A visit to a teaching base that the plan foresees; held visits are told by `enrollment`."""

    host: Name
    on: Day | None = None


class BudgetHead(Request):
    head: Name
    planned_fen: Fen = Field(description="Integer fen: 100 are one yuan.")


class Criteria(Request):
    min_attendance_percent: Percent
    min_minutes: Minutes = 0


class PutTrainingPlan(Request):
    courses: list[Course] = Field(min_length=1, max_length=500)
    base_visits: list[PlannedVisit] = Field(default_factory=list, max_length=100)
    budget_heads: list[BudgetHead] = Field(default_factory=list, max_length=100)
    completion: Criteria
    consenting_ids: list[Id] = Field(default_factory=list, max_length=100)


class GiveReason(Request):
    reason: LongText


class TrainingPlanView(View):
    courses: list[Course]
    base_visits: list[PlannedVisit]
    budget_heads: list[BudgetHead]
    completion: Criteria
    consenting_ids: list[str]
    planned_minutes: int
    agreed_at: datetime | None


class ClassView(View):
    id: str
    cycle_id: str
    revision: int
    kind: str
    arrangement: str
    special_topic: str | None
    title_zh: str
    title_en: str | None
    status: ClassStatus
    reason: str | None
    filed_by: str
    lead_id: str
    institution_ids: list[str]
    co_organisers: list[CoOrganiser]
    place_department_id: str
    starts_on: date
    ends_on: date
    capacity: int
    plan_agreed: bool
    coordinated: bool
    approved_at: datetime | None
    approved_heads: int
    version: int


class WholeClassView(ClassView):
    """`conflicts` are the codes of what its lead and institutions are flagged for; see `/v1/conflicts`."""

    plan: TrainingPlanView | None
    conflicts: list[str]
