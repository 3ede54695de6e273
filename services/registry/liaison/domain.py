"""The liaison form: which fields it must carry, when it is late, what a stranger sees of it.

The columns of the form stand in neither notice (C46); they come from the pack.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from services.registry.organisations.domain import MASK

DEPARTMENT = "department"

DEADLINE = "liaison_forms"
"""The code of the deadline for these forms, in a pack that has one."""

Answer = Literal["in_time", "late", "missing"]

_SHAPES = MappingProxyType(
    {
        "text": re.compile(r".+", re.DOTALL),
        # Digits as people write them, with a country, an area, an extension (转), or two numbers.
        "phone": re.compile(r"[+(（]*(?:[0-9][ ()（）转xX/、,，;；-]*){3,40}"),
        "email": re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+"),
    }
)
"""What an answer of each kind of field looks like (`FormField.kind` of the pack)."""


@dataclass(eq=False)
class LiaisonFormUnknown(Exception):
    form_id: str


@dataclass(eq=False)
class FormFieldUnknown(Exception):
    """The pack's form has no such field."""

    field: str


@dataclass(eq=False)
class FormFieldMissing(Exception):
    field: str


@dataclass(eq=False)
class FormFieldMalformed(Exception):
    """The answer is no telephone number or no address of e-mail; it is not repeated, for it is personal."""

    field: str
    kind: str


@dataclass(eq=False)
class DepartmentNotNamed(Exception):
    """Who fills in a form for another must say for whom."""


@dataclass(eq=False)
class OrganisationNotDepartment(Exception):
    """Only departments answer with a liaison form."""

    organisation_id: str


@dataclass(eq=False)
class PaperNotAsked(Exception):
    """A department that answers for itself has sent no paper."""

    department_id: str


@dataclass(eq=False)
class PaperNotYetReceived(Exception):
    """Paper that somebody enters has come in already."""

    received_on: date
    today: date


def check_fields(given: Mapping[str, str], *, kinds: Mapping[str, str], required: Collection[str]) -> None:
    """Hold the answers to the pack's fields, by their codes, and to the kind of each."""
    for field, answer in given.items():
        if field not in kinds:
            raise FormFieldUnknown(field)
        if answer.strip() and not _SHAPES[kinds[field]].fullmatch(answer.strip()):
            raise FormFieldMalformed(field, kinds[field])
    for field in required:
        if not given.get(field, "").strip():
            raise FormFieldMissing(field)


def check_department(organisation_id: str, kind: str) -> None:
    if kind != DEPARTMENT:
        raise OrganisationNotDepartment(organisation_id)


def is_late(submitted_at: datetime, deadline: datetime | None) -> bool:
    """In time iff before the instant at which the ledger closes for the department (Q1, C19)."""
    return deadline is not None and submitted_at >= deadline


def check_paper(department_id: str, *, on_behalf: bool, received_on: date, now: datetime, zone: str) -> None:
    """Hold a paper form to being another's, and to a day that has begun where the cycle is."""
    if not on_behalf:
        raise PaperNotAsked(department_id)
    today = now.astimezone(ZoneInfo(zone)).date()
    if received_on > today:
        raise PaperNotYetReceived(received_on, today)


def answered_at(now: datetime, received_on: date | None, zone: str) -> datetime:
    """Answer since when a form counts: a paper form since the day it came in, whenever it is entered."""
    return now if received_on is None else datetime.combine(received_on, time(), ZoneInfo(zone))


def answer_of(late: bool | None) -> Answer:
    """Say how a department stands: `late` is that of its first form, None while there is none (C19)."""
    if late is None:
        return "missing"
    return "late" if late else "in_time"


def masked(fields: Mapping[str, str]) -> dict[str, str]:
    """Show that a field was answered, and nothing of the answer."""
    return {field: MASK if value else value for field, value in fields.items()}
