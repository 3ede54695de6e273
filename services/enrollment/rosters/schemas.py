"""Rosters on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import Id, LongText, Position, Request, View

Decision = Literal["approve", "reject", "return"]
MAX_ROWS = 30_000


class DraftRoster(Request):
    """Without `nomination_ids` every nomination of the class that is still open is taken."""

    class_id: Id
    nomination_ids: list[Id] | None = Field(default=None, min_length=1, max_length=MAX_ROWS)


class ReplaceRows(Request):
    nomination_ids: list[Id] | None = Field(default=None, min_length=1, max_length=MAX_ROWS)


class DecideRow(Request):
    """What the reviewer says of one row; a row that is not approved needs a reason (C37)."""

    position: Position
    decision: Decision
    reason: LongText | None = None


class ReturnRoster(Request):
    reason: LongText


class RosterView(View):
    """`same_organisation` flags a roster that one organisation both submitted and reviewed (Q16)."""

    id: str
    cycle_id: str
    class_id: str
    number: int
    status: Literal["draft", "submitted", "approved", "returned"]
    rows: int
    approved_rows: int
    rows_sha256: str
    submitted_at: datetime | None
    reviewed_at: datetime | None
    return_reason: str | None
    same_organisation: bool
    version: int


class RowView(View):
    position: int
    nomination_id: str
    person: MaskedPerson
    enterprise_id: str
    department_id: str
    channels: list[str]
    target_group: str
    decision: Decision | None
    reason: str | None


class DecidedRow(View):
    position: int
    decision: Decision
