"""What goes over the wire about extensions."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from shared.schemas import Day, Id, LongText, Moment, Request, View


class ExtendDeadline(Request):
    # Left to right: an instant at midnight would pass for a day.
    until: Annotated[Moment | Day, Field(union_mode="left_to_right")] = Field(
        description="The last day, to its end in the zone of the deadline, or the first instant too late."
    )
    organisation_ids: list[Id] = Field(max_length=1000, description="Empty: for everybody.")
    reason: LongText


class ExtensionView(View):
    id: str
    deadline_id: str
    number: int
    revision: int
    until: date | None = Field(description="The last day, where a day was asked for.")
    closes_at: datetime
    organisation_ids: list[str] = Field(description="Empty: for everybody.")
    reason: str
    given_at: datetime
    given_by: str | None = Field(description="The organisation that put the deadline off.")
    principal: str
