"""The table `teaching_bases`: at most one of an enterprise and cycle has not ended."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.bases.domain import DESIGNATED, BaseStatus, EndReason
from services.registry.tables import Row
from shared.ids import new_id

_STANDING = text("status = 'designated'")


class TeachingBase(Row, kw_only=True):
    """A host enterprise, known by its unified social credit code, valid on all days of its validity."""

    __tablename__ = "teaching_bases"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="validity_in_order"),
        Index(
            "uq_teaching_bases_standing",
            "cycle_id",
            "uscc",
            unique=True,
            postgresql_where=_STANDING,
            sqlite_where=_STANDING,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    uscc: Mapped[str] = mapped_column(String(18))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200), default=None)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    special_topics: Mapped[list[str]]
    evidence: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    status: Mapped[BaseStatus] = mapped_column(String(16), default=DESIGNATED)
    designated_at: Mapped[datetime]
    designated_by: Mapped[str] = mapped_column(String(64))
    ended_on: Mapped[date | None] = mapped_column(default=None)
    end_reason: Mapped[EndReason | None] = mapped_column(String(40), default=None)
    end_words: Mapped[str | None] = mapped_column(Text, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(String(64), default=None)
    version: Mapped[int] = mapped_column(default=1)
