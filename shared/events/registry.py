"""What `registry` states: cycles, deadlines, organisations, forms, designations, classes, their ledgers."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Fact, State

ClassStatus = Literal["draft", "filed", "returned", "approved", "running", "finished", "cancelled"]
RevisionStatus = Literal["pending", "approved", "declined", "withdrawn", "lapsed"]


class CycleState(State):
    """A cycle; its id is programme-qualified (`miit-sme-leaders.2022-2023`), `pack` the whole document.

    `closed_at` is absent, too, of a cycle that was closed before the registry said when.
    """

    RESOURCE: ClassVar[str] = "registry.cycle"
    label: str
    revision: int
    status: Literal["draft", "active", "closed"]
    follows: str | None = None
    sha256: str
    pack: dict[str, Any]
    closed_at: datetime | None = None


class PackRevisionState(State):
    """One revision of a cycle's pack, which never changes; what was submitted under it is judged by it (C01).

    It is stated when it comes into force, in the transaction that states its cycle.
    """

    RESOURCE: ClassVar[str] = "registry.pack_revision"
    cycle_id: str
    revision: int
    sha256: str
    pack: dict[str, Any]
    reason: str | None = None
    loaded_at: datetime


def revision_id(cycle_id: str, revision: int) -> str:
    """Name a revision: `revision_id("miit-sme-leaders.2022-2023", 2)`."""
    return f"{cycle_id}:{revision}"


class PutOff(BaseModel):
    """Until when a deadline is put off, and for whom; nobody named: for everybody."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    closes_at: datetime
    organisation_ids: tuple[str, ...] = ()


class Noted(BaseModel):
    """That a sweep found `closes_at` to be `days` days away or nearer; 0: to have passed."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    closes_at: datetime
    days: int
    noted_at: datetime


class DeadlineState(State):
    """A deadline of a cycle in force, with all that puts it off (C19, C36).

    `until` is the last day by the pack. Instants are the first that is too late (Q1): `planned_at` by the
    pack, `closes_at` for everybody now. A withdrawn one stands in the pack no more. What is `noted` tells
    that time goes by, of each instant at which it closes for somebody now; nobody is judged by it.
    """

    RESOURCE: ClassVar[str] = "registry.deadline"
    cycle_id: str
    code: str
    zh: str
    en: str
    until: date
    zone: str
    planned_at: datetime
    closes_at: datetime
    withdrawn: bool = False
    extensions: tuple[PutOff, ...] = ()
    noted: tuple[Noted, ...] = ()

    @staticmethod
    def id_of(cycle_id: str, code: str) -> str:
        """Name the deadline that a pack names by its code: who knows the pack finds it."""
        return f"{cycle_id}.{code}"

    def put_off_to(self, organisation_ids: Collection[str]) -> datetime:
        """Name the first instant too late for what concerns these: the latest that one of them has."""
        given = (
            one.closes_at
            for one in self.extensions
            if not set(organisation_ids).isdisjoint(one.organisation_ids)
        )
        return max([self.closes_at, *given])

    def closings(self) -> list[datetime]:
        """List the instants at which it closes: for everybody, and for each that has longer."""
        named = {one for given in self.extensions for one in given.organisation_ids}
        return sorted({self.closes_at, *(self.put_off_to([one]) for one in named)})

    def closes_for(self, organisation_ids: Collection[str]) -> datetime | None:
        """Say the same of a deadline that is in the pack; None of one that is withdrawn."""
        return None if self.withdrawn else self.put_off_to(organisation_ids)


class Linked(BaseModel):
    """That an organisation is linked with another, on which days inclusive (Q12)."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    linked_id: str
    starts_on: date
    ends_on: date | None = None


class OrganisationState(State):
    RESOURCE: ClassVar[str] = "registry.organisation"
    kind: str
    name_zh: str
    name_en: str
    code: str | None = None
    parent_id: str | None = None
    links: tuple[Linked, ...] = ()


class SeatHeld(BaseModel):
    """That somebody holds a seat of an office, on which days inclusive; the name stays in `registry`."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    seat: str
    starts_on: date
    ends_on: date | None = None


class OfficeState(State):
    """An office that an organisation hosts, such as the coordination office (C18)."""

    RESOURCE: ClassVar[str] = "registry.office"
    code: str
    name_zh: str
    name_en: str
    host_id: str
    holders: tuple[SeatHeld, ...] = ()


class LiaisonFormState(State):
    """That a department has answered, and when (C19); the officials' names stay in `registry`."""

    RESOURCE: ClassVar[str] = "registry.liaison_form"
    cycle_id: str
    department_id: str
    number: int
    late: bool


class DepartmentPlanState(State):
    """How many a department means to send to classes of each kind (C28)."""

    RESOURCE: ClassVar[str] = "registry.department_plan"
    cycle_id: str
    department_id: str
    heads_by_kind: dict[str, int]


class SeatAllotmentState(State):
    """Seats of a department: anywhere in a cycle, with an institution, or in a class."""

    RESOURCE: ClassVar[str] = "registry.seat_allotment"
    cycle_id: str
    department_id: str
    institution_id: str | None = None
    class_id: str | None = None
    seats: int


class LiaisonFormOverdue(Fact):
    """That a department had not answered at the instant from which it is too late for it (C19).

    Said once per department and instant: who is given longer may be overdue again.
    """

    TYPE: ClassVar[str] = "registry.liaison_form_overdue.v1"
    cycle_id: str
    department_id: str
    closes_at: datetime


class DesignationState(State):
    """A designation, or the application for one (`applied`, `assessed`, `declined`), which binds nobody."""

    RESOURCE: ClassVar[str] = "registry.designation"
    cycle_id: str
    institution_id: str
    class_kinds: list[str]
    status: Literal["applied", "assessed", "declined", "designated", "suspended"]
    evaluation_id: str | None = None


class SuspensionState(State):
    """That an institution is barred from the cycle that follows the evaluated one (C39, Q14).

    `barred_cycle_id` is that cycle once it is loaded; until then the suspension waits for it. An imported
    one rests on a `document` about a cycle that never ran here; its `evaluation_id` is its own id.
    """

    RESOURCE: ClassVar[str] = "registry.suspension"
    institution_id: str
    evaluated_cycle_id: str
    evaluation_id: str
    ground: Literal["below", "bottom_n", "decision"]
    status: Literal["waiting", "in_force", "lifted"]
    barred_cycle_id: str | None = None
    imported: bool = False
    document: str | None = None


class NewsState(State):
    """News of a cycle, or of one class, as plain text; to everybody while it is published (C24)."""

    RESOURCE: ClassVar[str] = "registry.news"
    cycle_id: str
    class_id: str | None = None
    organisation_id: str
    title_zh: str
    title_en: str | None = None
    text_zh: str
    text_en: str | None = None
    status: Literal["draft", "published", "withdrawn"]
    reason: str | None = None
    published_at: datetime | None = None
    updated_at: datetime


class CoOrganiser(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    organisation_id: str
    kind: str


class CompletionCriteria(BaseModel):
    """What the filed plan asks of a trainee (Q10); percentages are whole numbers of 0-100."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    min_attendance_percent: int
    min_minutes: int = 0


class PlannedVisit(BaseModel):
    """A visit that the filed plan foresees (C27), under its number in the plan."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    number: int
    host: str
    on: date | None = None
    base_id: str | None = None


class ClassState(State):
    """A class. `lead_id` is the organisation that runs it and submits its roster.

    `number` counts what was approved of it, `pending_revision_id` is what is proposed to be next.
    """

    RESOURCE: ClassVar[str] = "registry.class"
    cycle_id: str
    kind: str
    arrangement: str
    special_topic: str | None = None
    title_zh: str
    title_en: str | None = None
    status: ClassStatus
    filed_by: str | None = None
    lead_id: str
    institution_ids: list[str]
    co_organisers: tuple[CoOrganiser, ...] = ()
    place_department_id: str
    starts_on: date
    ends_on: date
    capacity: int
    planned_minutes: int = 0
    completion: CompletionCriteria | None = None
    planned_visits: tuple[PlannedVisit, ...] = ()
    approved_heads: int = 0
    facets: dict[str, str] = Field(default_factory=dict)
    number: int = 0
    pending_revision_id: str | None = None
    cancelled_for: str | None = None


class ClassRevisionState(State):
    """A change that was proposed to an approved class, to who has a part in it; `changes` names the facts.

    `number` is that of the version which it became. What it says is read over REST.
    """

    RESOURCE: ClassVar[str] = "registry.class_revision"
    class_id: str
    cycle_id: str
    organisation_id: str
    status: RevisionStatus
    changes: tuple[str, ...] = ()
    plan_agreed: bool = False
    coordinated: bool = False
    number: int | None = None


class ClassRevised(Fact):
    """A class became its version `number`; `changes` names the facts that are otherwise."""

    TYPE: ClassVar[str] = "registry.class_revised.v1"
    class_id: str
    revision_id: str
    number: int
    changes: tuple[str, ...]


class ClassCancelled(Fact):
    """A class was called off for a coded cause; `heads` were approved in it. It rests on the class."""

    TYPE: ClassVar[str] = "registry.class_cancelled.v1"
    class_id: str
    cause: str
    heads: int
