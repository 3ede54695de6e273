"""What is allowed with activities: how they go from plan to record, and who may take part.

An activity never adds a head (C06): nothing here knows of heads. Home and host are compared by the id of the
department and by the section of the industry, never by the prefix of a code (C42).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.enrollment.enrolments.domain import ENDED
from shared.events.policy import ConceptAbsent, PolicyPack

PLANNED, OPEN, HELD, CANCELLED = "planned", "open", "held", "cancelled"
REGISTERED, WAITING, WITHDRAWN = "registered", "waiting", "withdrawn"


@dataclass(eq=False)
class ActivityNotFound(Exception):
    activity_id: str


@dataclass(eq=False)
class ActivityStateForbids(Exception):
    activity_id: str
    state: str


@dataclass(eq=False)
class ActivityNotBegun(Exception):
    activity_id: str
    starts_on: date


@dataclass(eq=False)
class ActivityEndsBeforeStart(Exception):
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class PlaceUnknown(Exception):
    """The place of an activity lies in a department that was not heard of."""

    department_id: str


class HostIndustryMissing(Exception):
    """An exchange across industries does not say in which industry its host is."""


@dataclass(eq=False)
class HomeUnknown(Exception):
    department_id: str


class CertificateUnknown(Exception):
    """No trainee has this certificate, or none that the caller may register."""


class CertificateNotLegacy(Exception):
    """The platform issued the certificate itself: it is no certificate of an earlier time."""


@dataclass(eq=False)
class EnrolmentWithdrawn(Exception):
    enrolment_id: str


@dataclass(eq=False)
class GraduatesOnly(Exception):
    """The kind of activity is for graduates: it asks a certificate or a confirmed completion."""

    kind: str


@dataclass(eq=False)
class NothingCrossed(Exception):
    """The kind of activity is an exchange, and home and host are the same in this, or not both known."""

    crosses: str


class ParticipantRepeated(Exception):
    """The person takes part or waits already, or stands more than once in the request."""


@dataclass(eq=False)
class ParticipantNotFound(Exception):
    participant_id: str


@dataclass(eq=False)
class ParticipantNotRegistered(Exception):
    participant_id: str
    state: str


@dataclass(frozen=True, slots=True)
class Host:
    """Where an activity takes place, as exchanges compare it."""

    department_id: str
    industry_section: str | None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a participant comes from: the department, and the industry that the enterprise had then."""

    department_id: str
    industry_section: str | None


def check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ActivityEndsBeforeStart(starts_on=starts_on, ends_on=ends_on)


def check_facets(facets: Iterable[tuple[str, str]], pack: PolicyPack) -> None:
    """Refuse facets that the cycle does not have, and values that a facet does not list (C23)."""
    for code, value in facets:
        values = {word.code for word in pack.facet(code).values}
        if values and value not in values:
            raise ConceptAbsent("facet_value", f"{code}/{value}")


def check_host(crosses: Iterable[str], host: Host) -> None:
    if "industry" in crosses and host.industry_section is None:
        raise HostIndustryMissing


def check_status(activity_id: str, status: str, *allowed: str) -> None:
    if status not in allowed:
        raise ActivityStateForbids(activity_id=activity_id, state=status)


def check_begun(activity_id: str, starts_on: date, zone: str, now: datetime) -> None:
    if now.astimezone(ZoneInfo(zone)).date() < starts_on:
        raise ActivityNotBegun(activity_id=activity_id, starts_on=starts_on)


def check_standing(enrolment_id: str, state: str) -> None:
    if state in ENDED:
        raise EnrolmentWithdrawn(enrolment_id=enrolment_id)


def check_graduate(kind: str, *, needs_certificate: bool, graduated: bool) -> None:
    if needs_certificate and not graduated:
        raise GraduatesOnly(kind=kind)


def crosses_department(home: Home, host: Host) -> bool:
    """Tell whether home and host are different jurisdictions: 宁波 and 浙江 are."""
    return home.department_id != host.department_id


def crosses_industry(home: Home, host: Host) -> bool | None:
    """Tell whether the sections differ; None where one of them is not known."""
    if home.industry_section is None or host.industry_section is None:
        return None
    return home.industry_section != host.industry_section


def check_crosses(crosses: Iterable[str], home: Home, host: Host) -> None:
    """Refuse a participant for whom an exchange would be none (C42)."""
    found = {"department": crosses_department(home, host), "industry": crosses_industry(home, host)}
    for dimension in crosses:
        if not found[dimension]:
            raise NothingCrossed(crosses=dimension)


def check_registered(participant_id: str, status: str) -> None:
    if status != REGISTERED:
        raise ParticipantNotRegistered(participant_id=participant_id, state=status)


def check_stays(participant_id: str, status: str) -> None:
    if status == WITHDRAWN:
        raise ParticipantNotRegistered(participant_id=participant_id, state=status)
