"""What goes over the wire about classes and training plans."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.registry.classes.cancellation import CancellationCause
from services.registry.classes.revisions import RevisionStatus
from services.registry.organisations.schemas import Word
from shared.events.registry import ClassStatus, CoOrganiser
from shared.schemas import CycleId, Day, Fen, Id, LongText, Minutes, Name, Percent, Request, View

Seats = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Taught = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class NameCoOrganiser(Request):
    organisation_id: Id
    kind: Word


class HeldFacts(Request):
    """Who holds a class, where, when and for how many: what a revision of an approved class may change."""

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
    facets: dict[Word, Name] = Field(
        default_factory=dict, max_length=20, description="Values by the facets of the pack (C23)."
    )


class ClassFacts(HeldFacts):
    """What a class is; a revision of a draft or returned class replaces all of it."""

    kind: Word
    arrangement: Word
    special_topic: Word | None = None


class DraftClass(ClassFacts):
    cycle_id: CycleId


class Lecturer(Request):
    """Who teaches a course. The name is sealed, and shown to who holds the class, agrees or approves."""

    name: Name
    title: Name | None = None
    affiliation: Name | None = None


class Course(Request):
    title: Name
    minutes: Taught
    method: Word = Field(description="How it is taught: lecture, case_study, workshop …")
    mode: Word | None = Field(default=None, description="A session mode of the pack (C11).")
    directions: list[Word] = Field(default_factory=list, max_length=20)
    lecturer: Lecturer | None = None
    tags: list[Word] = Field(
        default_factory=list, max_length=20, description="Key fields and weak links of the pack (C12)."
    )


class PlannedVisit(Request):
    """A visit to a teaching base that the plan foresees; held visits are told by `enrollment`."""

    host: Name
    on: Day | None = None
    base_id: Id | None = Field(default=None, description="The teaching base, valid on that day (C27).")


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
    teaching_days: list[Day] = Field(
        default_factory=list,
        max_length=400,
        description="The days of teaching; asked where the kind of class teaches in blocks.",
    )
    consenting_ids: list[Id] = Field(default_factory=list, max_length=100)


class GiveReason(Request):
    reason: LongText


class CancelClass(Request):
    """Why a class is called off: a code, and words."""

    cause: CancellationCause
    reason: LongText


class ProposeRevision(Request):
    """How an approved class would be. `facts` says all of them; without `plan` the plan stays."""

    class_id: Id
    facts: HeldFacts
    plan: PutTrainingPlan | None = None
    reason: LongText


class ConsentView(View):
    """That a party consented to the plan by itself."""

    organisation_id: str
    consented_at: datetime


class TrainingPlanView(View):
    courses: list[Course]
    base_visits: list[PlannedVisit]
    budget_heads: list[BudgetHead]
    completion: Criteria
    teaching_days: list[date]
    consenting_ids: list[str] = Field(description="Who consented by the word of the filer.")
    consents: list[ConsentView] = Field(description="Who consented by itself.")
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
    cancelled_for: CancellationCause | None
    cancelled_at: datetime | None
    filed_by: str
    lead_id: str
    institution_ids: list[str]
    co_organisers: list[CoOrganiser]
    place_department_id: str
    starts_on: date
    ends_on: date
    capacity: int
    facets: dict[str, str]
    plan_agreed: bool
    coordinated: bool
    approved_at: datetime | None
    approved_heads: int
    number: int = Field(description="The version approved last; 0 before the first approval.")
    pending_revision_id: str | None
    version: int


class WholeClassView(ClassView):
    """`conflicts` are the codes of what its lead and institutions are flagged for; see `/v1/conflicts`."""

    plan: TrainingPlanView | None
    conflicts: list[str]


class ClassVersionView(View):
    """A class as it was approved; its plan is shown to whom the plan of the class is shown."""

    class_id: str
    number: int
    revision: int
    facts: ClassFacts
    plan: TrainingPlanView | None
    reason: str | None
    approved_at: datetime


class ClassRevisionView(View):
    """A proposed change. `changes` names what would be otherwise; `number` the version that it became."""

    id: str
    class_id: str
    cycle_id: str
    revision: int
    status: RevisionStatus
    reason: str
    facts: HeldFacts
    plan: TrainingPlanView | None
    changes: list[str]
    asks_agreement: bool
    plan_agreed: bool
    asks_coordination: bool
    coordinated: bool
    organisation_id: str
    proposed_at: datetime
    decided_at: datetime | None
    decision_reason: str | None
    number: int | None
    version: int


class CauseView(View):
    code: CancellationCause
    zh: str
    en: str


class FallView(View):
    """What a floor of persons loses: the heads counted in the cycle now, and without the class."""

    code: str
    zh: str
    en: str
    min_persons: int
    heads: int
    heads_after: int
    falls_below: bool


class CancellationPreview(View):
    """What goes with a class that is cancelled. Who cancels it rests on `version` (`If-Match`).

    `days_to_start` is below zero once it began. A pending revision would lapse, trainees would leave.
    """

    class_id: str
    cycle_id: str
    revision: int
    number: int
    status: ClassStatus
    title_zh: str
    starts_on: date
    ends_on: date
    days_to_start: int
    seats: int
    approved_heads: int
    counts_toward_target: bool
    heads_lost: int
    floors: list[FallView]
    organisation_ids: list[str]
    planned_minutes: int
    planned_visits: int
    plan_agreed: bool
    coordinated: bool
    pending_revision_id: str | None
    causes: list[CauseView]
    version: int
