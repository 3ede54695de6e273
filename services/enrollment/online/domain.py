"""What counts as online learning: a record of its own id, and which xAPI statements are one.

A statement counts when its verb says that something was learnt and its duration how long. Years and months
have no exact length and are refused; fractions of a second are dropped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

XAPI = "xapi"
"""The source of what came as a statement; its id is unique by itself."""

COUNTED_VERBS = frozenset(
    f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("completed", "progressed", "experienced")
)
LONGEST_SECONDS = 86_400
LONGEST_COURSE = 500

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DURATION = re.compile(
    r"P(?:(?P<days>[0-9]{1,4})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.[0-9]{1,9})?S)?)?"
)
_YEARS = range(1900, 2200)
_SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}


@dataclass(eq=False)
class StatementMalformed(Exception):
    """A member of the statement is missing or no such thing; `member` is its place."""

    member: str


@dataclass(eq=False)
class VerbNotCounted(Exception):
    counted: tuple[str, ...]


@dataclass(eq=False)
class LearnerUnknown(Exception):
    """The class has no such trainee; what stood in place of an id may be personal data and is not told."""

    class_id: str


@dataclass(eq=False)
class LearntOutsideClass(Exception):
    """The time of the record lies before the class, or has not come yet."""

    starts_on: date


class OnlineRecordDiffers(Exception):
    """A record of this id was counted with other content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """One piece of online learning; `name` is the enrolment or the pseudonymous id of the person."""

    name: str
    source: str
    source_id: str
    course: str
    seconds: int
    at: datetime


def check_time(at: datetime, zone: str, starts_on: date, now: datetime) -> None:
    if at > now or at.astimezone(ZoneInfo(zone)).date() < starts_on:
        raise LearntOutsideClass(starts_on=starts_on)


def read_statement(statement: Mapping[str, object]) -> Learnt:
    """Read an xAPI statement (1.0.3) that says what was learnt and how long."""
    identifier = _text(statement, "id")
    if not _UUID.fullmatch(identifier):
        raise StatementMalformed("/id")
    if _text(statement, "verb", "id") not in COUNTED_VERBS:
        raise VerbNotCounted(tuple(sorted(COUNTED_VERBS)))
    course = _text(statement, "object", "id")
    if len(course) > LONGEST_COURSE:
        raise StatementMalformed("/object/id")
    return Learnt(
        name=_text(statement, "actor", "account", "name"),
        source=XAPI,
        source_id=identifier.lower(),
        course=course,
        seconds=_seconds(_text(statement, "result", "duration")),
        at=_instant(_text(statement, "timestamp")),
    )


def _text(statement: Mapping[str, object], *path: str) -> str:
    found: object = statement
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, str) or not found:
        raise StatementMalformed("/" + "/".join(path))
    return found


def _seconds(duration: str) -> int:
    """Read an ISO 8601 duration."""
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groupdict().values()):
        raise StatementMalformed("/result/duration")
    seconds = sum(int(found[unit] or 0) * length for unit, length in _SECONDS.items())
    if not 0 < seconds <= LONGEST_SECONDS:
        raise StatementMalformed("/result/duration")
    return seconds


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise StatementMalformed("/timestamp") from error
    if instant.utcoffset() is None or instant.year not in _YEARS:
        raise StatementMalformed("/timestamp")
    return instant
