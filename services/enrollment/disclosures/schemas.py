"""Persons and full views on the wire."""

from datetime import datetime
from typing import Literal

from services.enrollment.disclosures.domain import Purpose
from services.enrollment.identifiers import DocumentKind
from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import LongText, Request, View

PersonField = Literal["name", "document_kind", "document_number", "document_issuer", "phone"]


class PersonView(MaskedPerson):
    """A person, masked; `merged_into` is the person that this one was found to be."""

    merged_into: str | None


class ViewInFull(Request):
    purpose: Purpose
    reason: LongText


class FullViewRecord(View):
    """That a person was shown in full: to whom, by whose act, when, what for, and which fields."""

    id: str
    person_id: str
    organisation_id: str
    principal: str
    purpose: Purpose
    reason: str
    fields: list[PersonField]
    viewed_at: datetime


class FullPerson(View):
    """A person as stated, unmasked."""

    name: str
    document_kind: DocumentKind
    document_number: str
    document_issuer: str | None
    phone: str | None


class FullViewAnswer(FullViewRecord):
    """The person is shown in this one answer; a repetition of the request shows the record alone."""

    person: FullPerson | None = None
