"""What goes over the wire about designations."""

from datetime import datetime

from pydantic import Field

from services.registry.designations.domain import DesignationStatus
from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Id, Name, Request, View


class DesignateInstitution(Request):
    cycle_id: CycleId
    institution_id: Id
    class_kinds: list[Word] = Field(min_length=1, max_length=20)
    assessment_reference: Name | None = Field(default=None, description="The third party's assessment (C13).")
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
    selection_reference: str | None
    status: DesignationStatus
    evaluation_id: str | None
    designated_at: datetime
    version: int
