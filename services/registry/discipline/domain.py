"""The record of incidents of financial discipline, where a cycle keeps one (财经纪律, C33).

`recorded → withdrawn`, for a reason and for good; a record is never deleted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from shared.events.policy import ConceptAbsent, PolicyPack

IncidentStatus = Literal["recorded", "withdrawn"]

RECORDED: IncidentStatus = "recorded"
WITHDRAWN: IncidentStatus = "withdrawn"


@dataclass(eq=False)
class IncidentUnknown(Exception):
    """No such incident, or one of others."""

    incident_id: str


@dataclass(eq=False)
class IncidentWithdrawn(Exception):
    incident_id: str


@dataclass(eq=False)
class IncidentAhead(Exception):
    """An incident is recorded when it has happened."""

    occurred_on: date
    today: date


@dataclass(eq=False)
class ClassOfOtherCycle(Exception):
    """The class is none of the cycle by whose pack the incident is recorded."""

    class_id: str
    cycle_id: str


def check_kept(pack: PolicyPack) -> None:
    """Refuse unless the cycle keeps a record of financial discipline."""
    if pack.funds is None or not pack.funds.discipline.kept:
        raise ConceptAbsent("discipline_record", pack.cycle_id)


def check_occurred(occurred_on: date, now: datetime, zone: str) -> None:
    """Hold the day of an incident to one that has begun where the cycle is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if occurred_on > today:
        raise IncidentAhead(occurred_on, today)


def check_cycle(class_id: str, class_cycle_id: str, cycle_id: str) -> None:
    if class_cycle_id != cycle_id:
        raise ClassOfOtherCycle(class_id, cycle_id)


def check_standing(incident_id: str, status: IncidentStatus) -> None:
    if status == WITHDRAWN:
        raise IncidentWithdrawn(incident_id)
