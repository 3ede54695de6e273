"""What is allowed with sessions and attendance: within the class, by its lead, no more than was held."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

TEACHING = frozenset({"approved", "running"})
"""The states of a class in which sessions may be planned."""

TAUGHT = TEACHING | {"finished"}
"""Attendance may still be put right after the class; a confirmed completion ends that."""


@dataclass(eq=False)
class SessionNotFound(Exception):
    session_id: str


@dataclass(eq=False)
class ClassNotTeaching(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class SessionOutsideClass(Exception):
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class SessionRepeated(Exception):
    """The class already has a session of this title at this time."""

    class_id: str


@dataclass(eq=False)
class VisitNotPlanned(Exception):
    """The plan of the class, as it is known here, has no visit of this number."""

    class_id: str
    number: int


@dataclass(eq=False)
class SessionNotBegun(Exception):
    session_id: str
    starts_at: datetime


@dataclass(eq=False)
class EnrolmentNotOfClass(Exception):
    enrolment_id: str
    class_id: str


@dataclass(eq=False)
class EnrolmentClosed(Exception):
    """The enrolment is withdrawn, or its completion was confirmed: its learning record is closed."""

    enrolment_id: str
    state: str


@dataclass(eq=False)
class EnrolmentRepeated(Exception):
    enrolment_id: str


@dataclass(eq=False)
class MinutesBeyondSession(Exception):
    session_minutes: int


@dataclass(eq=False)
class CheckInNotOpen(Exception):
    """Nobody opened the check-in of the session, or its window is over."""

    session_id: str


@dataclass(eq=False)
class CheckInTriesSpent(Exception):
    """Too many wrong codes in this window: the organiser records the attendance, or opens a new window."""

    session_id: str
    retry_after: int


MOST_TRIES = 5


def check_window(session_id: str, window: tuple[datetime, datetime] | None, now: datetime) -> datetime:
    """Tell when the window closes; refuse who comes before or after it."""
    if window is None or not window[0] <= now < window[1]:
        raise CheckInNotOpen(session_id=session_id)
    return window[1]


def check_tries(session_id: str, wrong: int, closes_at: datetime, now: datetime) -> None:
    """Refuse who gave too many wrong codes, by whatever link, for as long as the code is in force."""
    if wrong >= MOST_TRIES:
        seconds = ceil((closes_at - now).total_seconds())
        raise CheckInTriesSpent(session_id=session_id, retry_after=seconds)


def check_teaching(class_id: str, state: str, allowed: frozenset[str]) -> None:
    if state not in allowed:
        raise ClassNotTeaching(class_id=class_id, state=state)


def check_within_class(starts_at: datetime, zone: str, starts_on: date, ends_on: date) -> None:
    """Refuse a session that starts on a day outside the class, in the zone of the cycle."""
    if not starts_on <= starts_at.astimezone(ZoneInfo(zone)).date() <= ends_on:
        raise SessionOutsideClass(starts_on=starts_on, ends_on=ends_on)


def check_begun(session_id: str, starts_at: datetime, now: datetime) -> None:
    if now < starts_at:
        raise SessionNotBegun(session_id=session_id, starts_at=starts_at)


def check_minutes(minutes: int, session_minutes: int) -> None:
    if minutes > session_minutes:
        raise MinutesBeyondSession(session_minutes=session_minutes)


def held_on(starts_at: datetime, zone: str, attended: int) -> date | None:
    """Name the day of a session that was held; without any attendance it was not."""
    return starts_at.astimezone(ZoneInfo(zone)).date() if attended else None
