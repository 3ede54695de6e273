"""The tables `cycles` and `pack_revisions`: a cycle points at the revision that is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.cycles.domain import DRAFT, CycleStatus
from services.registry.tables import Row


class Cycle(Row, kw_only=True):
    """`follows` may name a cycle that is not loaded yet, so it is no foreign key; no two follow one."""

    __tablename__ = "cycles"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    label: Mapped[str] = mapped_column(String(40))
    follows: Mapped[str | None] = mapped_column(String(100), unique=True, default=None)
    status: Mapped[CycleStatus] = mapped_column(String(16), default=DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    loaded_at: Mapped[datetime]
    activated_at: Mapped[datetime | None] = mapped_column(default=None)
    activated_by: Mapped[str | None] = mapped_column(String(64), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[str | None] = mapped_column(String(64), default=None)


class PackRevision(Row, kw_only=True):
    """A pack as it was loaded; from the second revision on with the reason of the correction."""

    __tablename__ = "pack_revisions"

    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    loaded_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text, default=None)
