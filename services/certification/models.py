"""The tables of certification.

Names exist only sealed under the holder's own key (`holder_keys`); destroying that key erases the
holder and leaves number, status and signature of the certificate checkable.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.certification.domain import Status
from services.certification.tables import Row
from shared.ids import new_id

_STANDS = text("status <> 'superseded'")


class Entitlement(Row, kw_only=True):
    """A trainee whose completion is confirmed; `name` is None once the holder is erased."""

    __tablename__ = "entitlements"

    enrolment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    completion_id: Mapped[str] = mapped_column(String(36))
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    cycle_id: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    department_id: Mapped[str | None] = mapped_column(String(36))
    minutes: Mapped[int]
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime]


class ClassParty(Row, kw_only=True):
    """An organisation with a role in a class, as the last copy of the class shows it (Q11)."""

    __tablename__ = "class_parties"

    class_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    cycle_id: Mapped[str] = mapped_column(String(100))


class CompletionPart(Row, kw_only=True):
    """One arrived part of a confirmed completion; issuing waits until all `parts` are here."""

    __tablename__ = "completion_parts"

    completion_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36), index=True)


class HolderKey(Row, kw_only=True):
    """The wrapped data key of one person; without it a tombstone, so that no late event brings it back."""

    __tablename__ = "holder_keys"

    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_by: Mapped[str | None] = mapped_column(String(100), default=None)


class HolderMerge(Row, kw_only=True):
    """That enrollment found a person to be another one; `undone` stays, however late the merge is heard."""

    __tablename__ = "holder_merges"

    merge_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    survivor_id: Mapped[str] = mapped_column(String(36), index=True)
    retired_id: Mapped[str] = mapped_column(String(36), index=True)
    undone: Mapped[bool]


class NumberSeries(Row, kw_only=True):
    """The last serial of a cycle and pattern. Its row is the lock that makes numbers gapless."""

    __tablename__ = "number_series"

    cycle_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    pattern: Mapped[str] = mapped_column(String(400), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class CertificateBatch(Row, kw_only=True):
    """One act of issuing: all certificates that a class was due at that moment."""

    __tablename__ = "certificate_batches"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100), index=True)
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    count: Mapped[int]
    first_number: Mapped[str] = mapped_column(String(500))
    last_number: Mapped[str] = mapped_column(String(500))
    issued_by: Mapped[str] = mapped_column(String(100))
    issued_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Certificate(Row, kw_only=True):
    """A certificate. `credential` is the canonical JSON that `signature` covers, byte for byte."""

    __tablename__ = "certificates"
    __table_args__ = (
        # Superseding keeps the old row and its number: one *standing* certificate per enrolment.
        Index(
            "uq_certificates_standing",
            "enrolment_id",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
        UniqueConstraint("cycle_id", "pattern", "serial"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("certificate_batches.id"), index=True)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("entitlements.enrolment_id"), index=True)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    department_id: Mapped[str | None] = mapped_column(String(36), index=True)
    pattern: Mapped[str] = mapped_column(String(400))
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(500), unique=True)
    status: Mapped[Status] = mapped_column(String(16), default="issued")
    issued_at: Mapped[datetime]
    credential: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    signature_alg: Mapped[str] = mapped_column(String(16))
    signature_key: Mapped[str] = mapped_column(String(64))
    code_key: Mapped[str] = mapped_column(String(64))
    code_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    version: Mapped[int] = mapped_column(default=1)
