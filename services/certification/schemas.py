"""What goes over the wire. Names of holders leave this service masked only."""

from datetime import date, datetime

from pydantic import Field

from services.certification.domain import Answer, Status
from shared.schemas import Id, Request, View


class IssueCertificates(Request):
    class_id: Id


class BatchView(View):
    id: str
    cycle_id: str
    class_id: str
    count: int
    first_number: str
    last_number: str
    issued_at: datetime
    version: int


class PreviewRow(View):
    position: int
    number: str
    enrolment_id: str
    masked_name: str | None


class BatchPreview(View):
    """The numbers that issuing now would use; nothing is reserved by looking."""

    cycle_id: str
    class_id: str
    count: int
    first_number: str
    last_number: str
    rows: list[PreviewRow]


class CertificateView(View):
    """`masked_name` is null once the holder is erased; `verification_url` is a path of this site."""

    id: str
    batch_id: str
    cycle_id: str
    class_id: str
    enrolment_id: str
    department_id: str | None
    number: str
    status: Status
    masked_name: str | None
    issued_at: datetime
    verification_url: str
    version: int


class Words(View):
    """A text in both languages; English may be missing where the source has none."""

    zh: str
    en: str | None = None


class Reason(View):
    zh: str
    en: str


class VerificationView(View):
    """Four separate results; `reasons` explains each that is not `yes`.

    All but the number is null unless the signature is good: it stands in the signed text.
    `masked_name` is null as well once the holder is erased.
    """

    signature: Answer
    status: Answer
    issuer: Answer
    log: Answer
    reasons: dict[str, Reason]
    number: str
    masked_name: str | None = None
    brand: Words | None = None
    title: Words | None = None
    cycle: str | None = None
    class_title: Words | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    institutions: list[Words] = Field(default_factory=list)
    issued_by: Words | None = None
    issued_on: date | None = None
