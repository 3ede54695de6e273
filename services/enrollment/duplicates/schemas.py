"""Duplicates and merges on the wire."""

from datetime import datetime
from typing import Literal

from services.enrollment.duplicates.domain import Likeness
from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import Id, LongText, Request, View

DuplicateStatus = Literal["open", "merged", "distinct"]


class LikePerson(View):
    """One of two persons; of somebody who belongs elsewhere only whom to ask is told, never who it is."""

    person: MaskedPerson | None
    ask_departments: list[str]


class DuplicateView(View):
    id: str
    reasons: list[Likeness]
    status: DuplicateStatus
    persons: list[LikePerson]
    found_at: datetime
    decided_at: datetime | None
    reason: str | None


class Dismiss(Request):
    """Why the two are distinct persons."""

    reason: LongText


class MergePersons(Request):
    """The retired person is found to be the survivor, who keeps the id."""

    survivor_id: Id
    retired_id: Id
    reason: LongText


class UndoMerge(Request):
    reason: LongText


class MergeView(View):
    id: str
    survivor_id: str
    retired_id: str
    reason: str
    merged_at: datetime
    merged_for: str
    undone_at: datetime | None
    undone_for: str | None
    undo_reason: str | None
