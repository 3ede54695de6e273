"""The tables `rosters` and `roster_rows`.

Two things are guarded by the database itself: a class has one open roster at a time (partial unique
index), and an approved or returned roster never changes (triggers, see `guards.py`).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.rosters.guards import guard
from services.enrollment.tables import Row
from shared.ids import new_id

_OPEN = text("status in ('draft', 'submitted')")


class Roster(Row, kw_only=True):
    """A list of persons for one class. Principals are who acted, organisations for whom (Q16)."""

    __tablename__ = "rosters"
    __table_args__ = (
        UniqueConstraint("class_id", "number"),
        Index("uq_rosters_open", "class_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100), index=True)
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="draft")
    rows: Mapped[int] = mapped_column(default=0)
    approved_rows: Mapped[int] = mapped_column(default=0)
    rows_sha256: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str | None] = mapped_column(String(64), default=None)
    submitted_for: Mapped[str | None] = mapped_column(String(36), default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    reviewed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    reviewed_for: Mapped[str | None] = mapped_column(String(36), default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)
    return_reason: Mapped[str | None] = mapped_column(Text, default=None)
    drafted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def same_organisation(self) -> bool:
        """Flag that one organisation submitted and reviewed, by two principals (Q16)."""
        return self.submitted_for is not None and self.submitted_for == self.reviewed_for


class RosterRow(Row, kw_only=True):
    """One person of a roster; `decision` is approve, reject, return, or not yet taken.

    `replaces_enrolment_id` is the trainee whose place the person takes once the row is approved (Q8).
    """

    __tablename__ = "roster_rows"

    roster_id: Mapped[str] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[str] = mapped_column(String(36), index=True)
    decision: Mapped[str | None] = mapped_column(String(8), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    replaces_enrolment_id: Mapped[str | None] = mapped_column(String(36), index=True, default=None)
    decided_by: Mapped[str | None] = mapped_column(String(64), default=None)


guard(Row.metadata)
