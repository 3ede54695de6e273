"""What goes over the wire about liaison forms."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.liaison.domain import Answer
from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Day, Id, Name, Request, View

FieldText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class PaperForm(Request):
    """The paper by which a department has answered."""

    received_on: Day = Field(description="The day on which it came in; it counts since then.")
    reference: Name


class SubmitLiaisonForm(Request):
    cycle_id: CycleId
    department_id: Id | None = Field(
        default=None, description="Needed of who fills it in for a department; else the caller's own."
    )
    paper: PaperForm | None = Field(
        default=None, description="Of who enters for a department what came in on paper."
    )
    fields: dict[Word, FieldText] = Field(max_length=100)


class LiaisonFormView(View):
    """The latest version; personal fields are masked for all but the department and the receiver."""

    id: str
    cycle_id: str
    department_id: str
    number: int
    late: bool = Field(description="The department's first form came after the deadline.")
    submitted_at: datetime
    on_behalf: bool = Field(description="Entered by whoever receives the forms.")
    received_on: date | None
    reference: str | None
    fields: dict[str, str]
    version: int


class LiaisonFormVersionView(View):
    number: int
    late: bool
    submitted_at: datetime
    on_behalf: bool
    received_on: date | None
    reference: str | None
    fields: dict[str, str]


class BoardLine(View):
    """How one department stands; of a form, what its newest version says."""

    department_id: str
    name_zh: str
    name_en: str
    code: str | None
    answer: Answer = Field(description="Whether its first form came in time.")
    overdue_since: datetime | None = Field(
        default=None, description="A sweep found it without a form when the deadline had closed for it."
    )
    form_id: str | None = None
    number: int | None = None
    submitted_at: datetime | None = None
    on_behalf: bool | None = None
    received_on: date | None = None
    reference: str | None = None
    changed_after_deadline: bool = Field(
        default=False, description="It had answered, and a newer version came after the deadline."
    )
    changed_since: bool | None = Field(
        default=None, description="It answered or changed its answer after `since`; null unless asked."
    )


class BoardView(View):
    """Who has answered and who has not (C19): every department, and no name of an official."""

    cycle_id: str
    deadline: datetime | None = Field(description="The first instant that is too late.")
    in_time: int
    late: int
    missing: int
    overdue: int = Field(description="How many of the missing a sweep found overdue.")
    lines: list[BoardLine]
