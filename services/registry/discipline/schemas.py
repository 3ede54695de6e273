"""What goes over the wire about incidents of financial discipline."""

from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.discipline.domain import IncidentStatus
from shared.schemas import CycleId, Day, Id, LongText, Name, Request, View


class RecordIncident(Request):
    """An incident against a class or an organisation; exactly one of the two."""

    cycle_id: CycleId
    class_id: Id | None = None
    organisation_id: Id | None = None
    words: LongText = Field(description="What happened; without the name of a person.")
    occurred_on: Day
    decision_reference: Name = Field(description="The decision by which it was found.")

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.class_id is None) == (self.organisation_id is None):
            raise PydanticCustomError("one_subject", "Give either class_id or organisation_id")
        return self


class WithdrawIncident(Request):
    reason: LongText


class IncidentView(View):
    id: str
    cycle_id: str
    revision: int
    class_id: str | None
    organisation_id: str = Field(description="Whom it concerns: of a class the lead of then.")
    words: str
    occurred_on: date
    decision_reference: str
    status: IncidentStatus
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    version: int
