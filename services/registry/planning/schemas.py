"""What goes over the wire about plans of departments, seats and coverage. Heads and seats are persons."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Id, LongText, Request, View

Heads = Annotated[int, Field(strict=True, ge=0, le=100_000)]


class PlanKind(Request):
    kind: Word
    heads: Heads


class PutDepartmentPlan(Request):
    kinds: list[PlanKind] = Field(max_length=50, description="Each kind of class at most once.")
    note: LongText | None = None


class PlannedKind(View):
    kind: str
    planned: int
    enrolled: int = Field(description="Trainees of the department in classes of the kind who have not left.")


class DepartmentPlanView(View):
    """A department's plan beside what came of it, also in kinds that it did not plan."""

    id: str
    cycle_id: str
    revision: int
    department_id: str
    kinds: list[PlannedKind]
    note: str | None
    put_at: datetime
    version: int


class AllotSeats(Request):
    """Seats of a department: in the whole cycle, with an institution, or in a class."""

    cycle_id: CycleId
    department_id: Id
    institution_id: Id | None = None
    class_id: Id | None = None
    seats: Heads


class SeatAllotmentView(View):
    id: str
    cycle_id: str
    revision: int
    department_id: str
    institution_id: str | None
    class_id: str | None
    seats: int
    taken: int = Field(description="Trainees of the department there who have not left.")
    free: int = Field(description="Seats less those taken; below zero where more came than seats.")
    allotted_at: datetime
    version: int


class TermCoverage(View):
    """How much of a word of the pack the training plans have; `classes` of those with a plan."""

    code: str
    zh: str
    en: str
    classes: int
    minutes: int


class MethodCoverage(View):
    method: str
    classes: int
    minutes: int


class PairCoverage(View):
    """Modes that are meant to occur together (C11), and the classes whose plan lacks one of them."""

    pair: str
    modes: list[str]
    complete: int
    incomplete_ids: list[str]


class CoverageView(View):
    """A report, never a gate: what the plans of filed, approved, running and finished classes cover."""

    cycle_id: str
    classes: int
    minutes: int
    directions: list[TermCoverage] = Field(description="Course directions (C41).")
    tags: list[TermCoverage] = Field(description="Key fields and weak links (C12).")
    modes: list[TermCoverage] = Field(description="Session modes (C11).")
    pairs: list[PairCoverage]
    methods: list[MethodCoverage]
    missing: list[str] = Field(description="Directions, tags and modes that no plan has.")
