"""What goes over the wire about teaching bases; an enterprise, and never a person."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.bases.domain import BaseStatus, EndReason
from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Day, Id, LongText, Name, Request, View

CreditCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z]{18}$")]


class DesignateBase(Request):
    cycle_id: CycleId
    uscc: CreditCode = Field(description="The unified social credit code of the host enterprise.")
    name_zh: Name
    name_en: Name | None = None
    department_id: Id = Field(description="The department in whose jurisdiction the enterprise is.")
    special_topics: list[Word] = Field(
        default_factory=list, max_length=50, description="For which topics of the pack it is one."
    )
    evidence: Name = Field(description="The record of its reach and demonstration (C27).")
    valid_from: Day
    valid_until: Day = Field(description="The last day on which it is a base.")


class EndBase(Request):
    ended_on: Day = Field(description="The first day on which it is none any more.")
    reason: EndReason
    words: LongText | None = None


class BaseView(View):
    id: str
    cycle_id: str
    revision: int
    uscc: str
    name_zh: str
    name_en: str | None
    department_id: str
    special_topics: list[str]
    evidence: str
    valid_from: date
    valid_until: date
    status: BaseStatus
    designated_at: datetime
    ended_on: date | None
    end_reason: EndReason | None
    end_zh: str | None
    end_en: str | None
    end_words: str | None
    ended_at: datetime | None
    version: int
