"""Personal links on the wire, and what a trainee reads by one."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.enrollment.completion.schemas import ReasonView
from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import Id, Request, View


class MakeLink(Request):
    """For how many days the link is in force."""

    days: Annotated[int, Field(strict=True, ge=1, le=730)] = 90


class GiveCode(Request):
    session_id: Id
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class PersonalLinkView(View):
    """A link; the token is shown once, when it is made."""

    id: str
    enrolment_id: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = None
    version: int


class OwnClass(View):
    id: str
    cycle_id: str
    kind: str
    title_zh: str
    title_en: str | None
    status: str
    starts_on: date
    ends_on: date


class OwnSession(View):
    """A session of the class; `attended_minutes` is absent where nothing is recorded."""

    id: str
    title: str
    mode: str
    method: str
    starts_at: datetime
    minutes: int
    attended_minutes: int | None


class OwnScore(View):
    course: str
    score: int


class OwnCompletion(View):
    status: Literal["proposed", "confirmed"]
    met: bool
    minutes: int
    attendance_percent: int
    reasons: list[ReasonView]


class OwnActivity(View):
    activity_id: str
    kind: str
    title: str
    starts_on: date
    ends_on: date
    activity_status: Literal["planned", "open", "held", "cancelled"]
    status: Literal["registered", "waiting", "withdrawn"]
    attended: bool | None


class OwnRecord(View):
    """What a trainee reads of itself: masked, for whoever holds the link reads it."""

    enrolment_id: str
    status: Literal["enrolled", "withdrawn", "merged", "completed", "not_completed"]
    person: MaskedPerson
    class_: OwnClass = Field(serialization_alias="class")
    sessions: list[OwnSession]
    minutes: int
    online_minutes: int
    report_status: Literal["submitted", "accepted", "returned"] | None
    scores: list[OwnScore]
    completion: OwnCompletion | None
    certificate_number: str | None
    activities: list[OwnActivity]
    link_expires_at: datetime
