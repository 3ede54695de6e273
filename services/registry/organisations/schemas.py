"""What goes over the wire about organisations and offices."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.schemas import Day, Id, LongText, Name, Request, View

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""A code as policy packs write it."""


class RegisterOrganisation(Request):
    kind: Word
    name_zh: Name
    name_en: Name
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] | None = Field(
        default=None, description="The department's six digits, known as a whole and never by prefix."
    )
    parent_id: Id | None = Field(default=None, description="The body that this one is a member of.")


class AmendOrganisation(Request):
    """What an organisation is called from now on."""

    name_zh: Name
    name_en: Name


class OrganisationView(View):
    id: str
    kind: str
    name_zh: str
    name_en: str
    code: str | None
    parent_id: str | None
    version: int


class RecordLink(Request):
    """With whom an organisation is linked, and why: who evaluates the one does not evaluate the other."""

    linked_id: Id
    reason: LongText
    starts_on: Day


class EndLink(Request):
    ends_on: Day = Field(description="The last day of the link.")
    reason: LongText


class OrganisationLinkView(View):
    """A link; why it is on record or ended is for the bureau and for the two that are linked."""

    id: str
    organisation_id: str
    linked_id: str
    starts_on: date
    ends_on: date | None
    reason: str | None
    end_reason: str | None


class RegisterOffice(Request):
    code: Word
    name_zh: Name
    name_en: Name
    host_id: Id


class OfficeView(View):
    id: str
    code: str
    name_zh: str
    name_en: str
    host_id: str
    version: int


class SeatHolder(Request):
    """Who takes a seat of an office, on which days."""

    seat: Word = Field(description="As the pack names the office's members.")
    name: Name
    starts_on: Day
    ends_on: Day | None = Field(default=None, description="The last day; nothing while it is open.")


class EndHolding(Request):
    ends_on: Day


class OfficeHolderView(View):
    """The name is masked for all but the bureau and the organisation that hosts the office."""

    id: str
    office_id: str
    seat: str
    name: str
    starts_on: date
    ends_on: date | None
