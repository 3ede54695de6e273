"""A person on the wire: in with everything, out masked."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.enrollment.identifiers import DocumentKind
from shared.schemas import Name, Request, View


class Document(Request):
    """An identity document; `issuer` is the state that issued a passport (ISO 3166-1 alpha-3)."""

    kind: DocumentKind
    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=32)] = Field(
        examples=["11010519491231002X"]  # the one that GB 11643 itself gives
    )
    issuer: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, examples=[None]
    )


class PersonIn(Request):
    name: Name
    document: Document
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{4,24}$")] | None = Field(
        default=None, examples=["13900000000"]
    )


class MaskedPerson(View):
    """A person as every list and view shows it: enough to recognise, too little to misuse.

    Since `erased_at` nobody knows who it was: name and number are `已删除`, the phone is absent.
    """

    id: str
    name: str = Field(examples=["张*"])
    document_kind: DocumentKind
    document_number: str = Field(examples=["110***********002X"])
    phone: str | None = None
    erased_at: datetime | None = None
