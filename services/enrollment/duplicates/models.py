"""The tables `duplicates` and `person_merges`.

A pair of persons is queued once, however often it is found; its order is that of the ids. A person is retired
by one standing merge at most (partial unique index).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.database import BigId
from shared.ids import new_id

_STANDS = text("undone_at IS NULL")


class Duplicate(Row, kw_only=True):
    """Two persons that may be one; `reasons` are the likenesses. `status` is open, merged or distinct."""

    __tablename__ = "duplicates"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), Index(None, "status", "id"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    first_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"))
    second_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), index=True)
    reasons: Mapped[list[str]]
    status: Mapped[str] = mapped_column(String(8), default="open")
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[str | None] = mapped_column(String(100), default=None)
    decided_for: Mapped[str | None] = mapped_column(String(36), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)


class PersonMerge(Row, kw_only=True):
    """That a person was found to be another one. `moved` is what went over, so that it can be undone exactly.

    `position` tells which of two merges of the same, locked people was the later one.
    """

    __tablename__ = "person_merges"
    __table_args__ = (
        Index(
            "uq_person_merges_retired",
            "retired_id",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
    )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True, init=False)
    id: Mapped[str] = mapped_column(String(36), unique=True, default_factory=new_id)
    survivor_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), index=True)
    retired_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"))
    reason: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime]
    merged_by: Mapped[str] = mapped_column(String(100))
    merged_for: Mapped[str] = mapped_column(String(36))
    moved: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by: Mapped[str | None] = mapped_column(String(100), default=None)
    undone_for: Mapped[str | None] = mapped_column(String(36), default=None)
    undo_reason: Mapped[str | None] = mapped_column(Text, default=None)
