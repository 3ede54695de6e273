"""Sessions and attendance on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from shared.schemas import Code, Id, Minutes, Moment, Name, Position, Request, View

SessionMinutes = Annotated[int, Field(strict=True, ge=1, le=1440)]


class PlanSession(Request):
    """`mode` is one of the session modes of the cycle (C11); `method` is how it is taught (`lecture`).

    A visit may name, by its number, the one of the filed plan that it carries out (C27).
    """

    class_id: Id
    title: Name
    mode: Code
    method: Code
    starts_at: Moment
    minutes: SessionMinutes
    planned_visit: Position | None = None


class RecordAttendance(Request):
    enrolment_id: Id
    minutes: Minutes


class SessionView(View):
    id: str
    class_id: str
    title: str
    mode: str
    method: str
    starts_at: datetime
    minutes: int
    held_on: date | None
    attended: int
    planned_visit: int | None
    version: int


class AttendanceView(View):
    session_id: str
    enrolment_id: str
    minutes: int


class ModeView(View):
    mode: str
    zh: str
    en: str
    planned: int
    held: int


class PairView(View):
    """The modes that a pack wants together; `held` counts sessions that somebody attended."""

    pair: str
    modes: list[ModeView]
    both_planned: bool
    both_held: bool


class VisitView(View):
    """A visit of the filed plan, with the sessions that carry it out; `held` once somebody attended one."""

    number: int
    host: str
    on: date | None
    base_id: str | None
    session_ids: list[str]
    held: bool


class CompletenessView(View):
    """What occurs of the pairs of modes (C11), and of the visits of the plan (C27). It gates nothing."""

    class_id: str
    pairs: list[PairView]
    complete: bool
    visits: list[VisitView]
    visits_planned: int
    visits_held: int


class OpenCheckIn(Request):
    """For how many minutes trainees may check in."""

    minutes: Annotated[int, Field(strict=True, ge=1, le=240)]


class CheckInView(View):
    """The window; the code is shown once, when it is made."""

    session_id: str
    code: str | None = None
    opened_at: datetime
    closes_at: datetime


class CodeGivenView(View):
    """Whether the code was the right one; a wrong one costs a try and changes nothing else."""

    session_id: str
    accepted: bool
    tries_left: int
