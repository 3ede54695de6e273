"""Activities and who takes part on the wire: people by pseudonymous id only."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas import LARGEST_COUNT, Code, CycleId, Day, Id, LongText, Name, Request, View

Section = Annotated[str, StringConstraints(pattern=r"^[A-T]$")]
"""A section of GB/T 4754-2017."""

CertificateNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Places = Annotated[int, Field(strict=True, ge=1, le=LARGEST_COUNT)]


class PlanActivity(Request):
    """`kind` and `facets` are words of the pack; `host` receives, in the jurisdiction of the place."""

    cycle_id: CycleId
    kind: Code
    title: Name
    facets: dict[Code, Name] = Field(
        default_factory=dict, max_length=20, description="Values by the facets of the pack (C23)."
    )
    host: Name
    host_industry_section: Section | None = None
    place: Name
    place_department_id: Id
    starts_on: Day
    ends_on: Day
    capacity: Places


class CancelActivity(Request):
    reason: LongText


class LegacyCertificate(Request):
    """A certificate from before the platform, as its holder states it."""

    certificate_number: CertificateNumber
    issuer: Name
    cycle: Name
    department_id: Id
    industry_section: Section | None = None


class RegisterParticipant(Request):
    """Exactly one of these names who takes part."""

    enrolment_id: Id | None = None
    certificate_number: CertificateNumber | None = None
    legacy: LegacyCertificate | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(one is not None for one in (self.enrolment_id, self.certificate_number, self.legacy)) != 1:
            raise PydanticCustomError(
                "one_participant", "exactly one of enrolment_id, certificate_number and legacy is needed"
            )
        return self


class RecordParticipation(Request):
    participant_id: Id
    attended: bool


class ActivityView(View):
    """An activity with its counts; it names nobody."""

    id: str
    cycle_id: str
    revision: int
    kind: str
    title: str
    facets: dict[str, str]
    organisation_id: str
    host: str
    host_industry_section: str | None
    place: str
    place_department_id: str
    starts_on: date
    ends_on: date
    capacity: int
    status: Literal["planned", "open", "held", "cancelled"]
    registered: int
    waiting: int
    attended: int
    cancellation_reason: str | None
    version: int


class ParticipantView(View):
    """Who takes part. `crosses_industry` is absent where an industry is not known (C42)."""

    id: str
    activity_id: str
    number: int
    person_id: str | None
    enrolment_id: str | None
    certificate_number: str | None
    legacy: bool
    legacy_issuer: str | None
    legacy_cycle: str | None
    department_id: str
    industry_section: str | None
    crosses_department: bool
    crosses_industry: bool | None
    status: Literal["registered", "waiting", "withdrawn"]
    attended: bool | None
    registered_at: datetime
    version: int
