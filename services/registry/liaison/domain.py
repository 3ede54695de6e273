"""The liaison form: which fields it must carry, when it is late, what a stranger sees of it.

The columns of the form stand in neither notice (C46); they come from the pack.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

MASK = "***"


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
class DepartmentNotNamed(Exception):
    """Who fills in a form for another must say for whom."""


@dataclass(eq=False)
class OrganisationNotDepartment(Exception):
    """Only departments answer with a liaison form."""

    organisation_id: str


def check_fields(given: Mapping[str, str], *, known: Collection[str], required: Collection[str]) -> None:
    for field in given:
        if field not in known:
            raise FormFieldUnknown(field)
    for field in required:
        if not given.get(field, "").strip():
            raise FormFieldMissing(field)


def check_department(organisation_id: str, kind: str) -> None:
    if kind != "department":
        raise OrganisationNotDepartment(organisation_id)


def is_late(submitted_at: datetime, deadline: datetime | None) -> bool:
    """In time iff before the instant at which the ledger closes for the department (Q1, C19)."""
    return deadline is not None and submitted_at >= deadline


def masked(fields: Mapping[str, str]) -> dict[str, str]:
    """Show that a field was answered, and nothing of the answer."""
    return {field: MASK if value else value for field, value in fields.items()}
