"""The table `persons`. Nothing in it can be read without the keys, except the kind of document.

The blind index is a keyed hash of the normalised number: equal numbers of one kind are one person. The
other indexes make likeness searchable in the same way; no two persons are one because of them.

Of an erased person nothing of that is left, and the database lets it come in no other order: the check keeps
what is sealed and indexed together, and either there or gone.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id

NUMBER, NAME, PHONE = "persons.number", "persons.name", "persons.phone"
"""The columns as the seals know them: a ciphertext moved to another column does not open."""

Key = tuple[str, bytes]
"""A kind of document and the blind index of a number: what makes a person one person."""


_ERASED_OR_WHOLE = (
    "erased_at is null and number_index is not null and number_sealed is not null "
    "and name_sealed is not null "
    "or erased_at is not null and number_index is null and number_sealed is null and name_sealed is null "
    "and phone_sealed is null and issuer is null and name_index is null and name_phone_index is null "
    "and name_birth_index is null"
)


class Person(Row, kw_only=True):
    """A person by one document. `merged_into` is the survivor, itself never a retired one."""

    __tablename__ = "persons"
    __table_args__ = (
        UniqueConstraint("number_index", "document_kind"),
        CheckConstraint(_ERASED_OR_WHOLE, name="erased_or_whole"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    document_kind: Mapped[str] = mapped_column(String(32))
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    issuer: Mapped[str | None] = mapped_column(String(64), default=None)
    name_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True, default=None)
    name_phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    name_birth_index: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    merged_into: Mapped[str | None] = mapped_column(
        String(36), ForeignKey("persons.id"), index=True, default=None
    )
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
