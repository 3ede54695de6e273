"""What goes over the wire about designations."""

from datetime import date, datetime

from pydantic import Field

from services.registry.designations.domain import (
    AssessmentResult,
    Decision,
    DecisionReason,
    DesignationStatus,
    Reason,
)
from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Day, Id, LongText, Name, Request, View


class DesignateInstitution(Request):
    cycle_id: CycleId
    institution_id: Id
    class_kinds: list[Word] = Field(min_length=1, max_length=20)
    assessment_reference: Name | None = Field(default=None, description="The third party's assessment (C13).")
    selection_reference: Name | None = Field(
        default=None, description="The record of the open selection (C13)."
    )


class ApplyForDesignation(Request):
    """An organisation asks to carry kinds of class in a cycle; it asks for itself."""

    cycle_id: CycleId
    class_kinds: list[Word] = Field(min_length=1, max_length=20)


class RecordAssessment(Request):
    reference: Name
    assessor: Name = Field(description="The third party, an organisation and never a person.")
    assessed_on: Day
    result: AssessmentResult


class DecideApplication(Request):
    decision: Decision
    reason: DecisionReason
    words: LongText | None = None
    selection_reference: Name | None = Field(
        default=None, description="The record of the open selection (C13)."
    )


class DesignationView(View):
    id: str
    cycle_id: str
    revision: int
    institution_id: str
    class_kinds: list[str]
    assessment_reference: str | None
    assessor: str | None
    assessed_on: date | None
    assessment_result: AssessmentResult | None
    selection_reference: str | None
    status: DesignationStatus
    evaluation_id: str | None
    applied_at: datetime | None
    designated_at: datetime | None
    conflicts: list[str] = Field(
        default_factory=list,
        description="Codes of what the institution is flagged for (Q12); see /v1/conflicts.",
    )
    version: int


class DesignationTurnView(View):
    """That a designation came into a state, and why: a stable code, said in both languages."""

    version: int
    status: DesignationStatus
    at: datetime
    reason: Reason
    zh: str
    en: str
    words: str | None
    reference: str | None
