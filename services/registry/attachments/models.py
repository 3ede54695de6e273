"""The table `attachments`: what a file is of, and its hash. The file itself lies in the store."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.attachments.domain import FileKind, OwnerKind, Scan
from services.registry.tables import Row


class Attachment(Row, kw_only=True):
    """A file; `id` is its name in the store, `uploaded_for` the organisation that brought it."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        Index("ix_attachments_owner_kind_owner_id_id", "owner_kind", "owner_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    owner_kind: Mapped[OwnerKind] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[FileKind] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    scan: Mapped[Scan] = mapped_column(String(16))
    uploaded_at: Mapped[datetime]
    uploaded_for: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    principal: Mapped[str] = mapped_column(String(64))
