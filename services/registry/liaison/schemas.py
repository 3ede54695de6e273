"""What goes over the wire about liaison forms."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.registry.organisations.schemas import Word
from shared.schemas import CycleId, Id, Request, View

FieldText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")
]


class SubmitLiaisonForm(Request):
    cycle_id: CycleId
    department_id: Id | None = Field(
        default=None, description="Needed of who fills it in for a department; else the caller's own."
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
    fields: dict[str, str]
    version: int


class LiaisonFormVersionView(View):
    number: int
    late: bool
    submitted_at: datetime
    fields: dict[str, str]
