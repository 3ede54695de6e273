"""Rosters on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.enrollment.persons.schemas import MaskedPerson
from services.enrollment.rosters.places import Mark
from shared.paging import Page
from shared.schemas import Id, LongText, Position, Request, View

Decision = Literal["approve", "reject", "return"]
MAX_ROWS = 30_000


class Replacement(Request):
    """Who takes whose place: the nomination stands in for the enrolment, which is withdrawn by it (Q8).

    Without a nomination the next who waits takes the place.
    """

    nomination_id: Id | None = None
    enrolment_id: Id


class ReplaceRows(Request):
    """Without `nomination_ids` those who wait longest are taken, as many as the class has room for.

    A nomination that `replacements` name is part of the roster in any case.
    """

    nomination_ids: list[Id] | None = Field(default=None, min_length=1, max_length=MAX_ROWS)
    replacements: list[Replacement] = Field(default_factory=list[Replacement], max_length=MAX_ROWS)

    @property
    def marks(self) -> list[Mark]:
        """The replacements as pairs of nomination, if one is named, and enrolment."""
        return [(one.nomination_id, one.enrolment_id) for one in self.replacements]


class DraftRoster(ReplaceRows):
    """A roster's class and its first rows."""

    class_id: Id


class DecideRow(Request):
    """What the reviewer says of one row; a row that is not approved needs a reason (C37)."""

    position: Position
    decision: Decision
    reason: LongText | None = None


class DecideRemaining(Request):
    """What the reviewer says of every row that is not decided yet; a reason unless it approves (C37)."""

    decision: Decision
    reason: LongText | None = None


class ReturnRoster(Request):
    reason: LongText


class OrderWaiting(Request):
    """Who comes first, in this order; all others follow as they stood."""

    nomination_ids: list[Id] = Field(min_length=1, max_length=MAX_ROWS)


class RosterView(View):
    """`same_organisation` flags a roster that one organisation both submitted and reviewed (Q16)."""

    id: str
    cycle_id: str
    revision: int
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
    replaces_enrolment_id: str | None


class DecidedRow(View):
    position: int
    decision: Decision


class WaitingView(View):
    """A nomination that no roster holds and nobody has decided.

    `place` counts from 1. `arrival` is never given anew, so an order that differs from it is seen.
    """

    place: int
    nomination_id: str
    arrival: int
    nominated_at: datetime
    person: MaskedPerson
    enterprise_id: str
    department_id: str
    channels: list[str]
    target_group: str


class WaitingListView(Page[WaitingView]):
    """`room`: how many may come now; told to who sees the whole class."""

    class_id: str
    capacity: int
    room: int | None


class GroundView(View):
    """Why rows were not approved, and which."""

    decision: Literal["reject", "return"]
    reason: str
    positions: list[int]


class ReviewerView(View):
    organisation_id: str | None
    name_zh: str | None
    name_en: str | None


class NoticeView(View):
    """What became of a roster, by the revision of the pack under which it was submitted.

    `clause`, `decision` and `source` are where the pack says who reviews; `zh` and `en` say it in sentences.
    """

    roster_id: str
    cycle_id: str
    revision: int
    class_id: str
    title_zh: str
    title_en: str | None
    number: int
    status: Literal["approved", "returned"]
    rows: int
    rows_sha256: str
    approved: int
    rejected: int
    returned: int
    undecided: int
    grounds: list[GroundView]
    return_reason: str | None
    reviewer: ReviewerView
    reviewed_at: datetime
    same_organisation: bool
    clause: list[str]
    decision: list[str]
    source: str | None
    zh: list[str]
    en: list[str]
