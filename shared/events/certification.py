"""What `certification` tells: certificates. Holders appear by pseudonymous id only."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.events.envelope import Fact, State


class IssuedRow(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    certificate_id: str
    enrolment_id: str
    number: str


class CertificateIssued(Fact):
    """The certificates of one class that one batch issued (C40), in order of their numbers."""

    TYPE: ClassVar[str] = "certification.certificate_issued.v1"
    batch_id: str
    class_id: str
    rows: list[IssuedRow]


class CertificateState(State):
    RESOURCE: ClassVar[str] = "certification.certificate"
    cycle_id: str
    class_id: str
    enrolment_id: str
    person_id: str
    number: str
    status: Literal["issued", "superseded", "suspended", "revoked"]
    issued_at: datetime
