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


class CertificateBatchState(State):
    """One act of issuing: how many certificates, and from which number to which."""

    RESOURCE: ClassVar[str] = "certification.certificate_batch"
    cycle_id: str
    class_id: str
    count: int
    first_number: str
    last_number: str
    issued_at: datetime


class CertificateState(State):
    """A certificate; once the holder is erased it shows no name to anybody."""

    RESOURCE: ClassVar[str] = "certification.certificate"
    cycle_id: str
    class_id: str
    enrolment_id: str
    person_id: str
    number: str
    status: Literal["issued", "superseded", "suspended", "revoked"]
    issued_at: datetime
    holder_erased: bool = False
