"""The tables `enrolments` and `heads`.

A head is claimed by inserting its row: the primary key lets one enrolment of a person in a cycle
hold it, however many rosters are approved at the same instant (Q7). `heads.py` is who writes it.
"""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id

_STANDS = text("status NOT IN ('withdrawn', 'merged')")


class Enrolment(Row, kw_only=True):
    """A trainee of a class; `status` is enrolled, withdrawn, merged, completed or not_completed.

    `replaces_enrolment_id` is the one whose place the trainee took; the key lets it happen once (Q8).
    Of two enrolments of one person the merged one goes on as the one of `merged_into_enrolment_id`.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        Index(
            "uq_enrolments_standing",
            "class_id",
            "person_id",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
        Index("ix_enrolments_cycle_id_department_id", "cycle_id", "department_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36))
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    nomination_id: Mapped[str] = mapped_column(String(36), index=True)
    roster_id: Mapped[str] = mapped_column(String(36), index=True)
    position: Mapped[int]
    department_id: Mapped[str] = mapped_column(String(36))
    enterprise_id: Mapped[str] = mapped_column(String(36))
    head: Mapped[bool]
    status: Mapped[str] = mapped_column(String(16), default="enrolled")
    certificate_number: Mapped[str | None] = mapped_column(String(64), index=True, default=None)
    certificate_noted_at: Mapped[datetime | None] = mapped_column(default=None)
    replaces_enrolment_id: Mapped[str | None] = mapped_column(
        String(36), unique=True, index=True, default=None
    )
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(100), default=None)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text, default=None)
    merged_into_enrolment_id: Mapped[str | None] = mapped_column(String(36), default=None)
    version: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]


class Head(Row, kw_only=True):
    """The one enrolment by which a person counts toward the floor of a cycle (C06)."""

    __tablename__ = "heads"

    cycle_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(String(36))
    class_id: Mapped[str] = mapped_column(String(36))
    roster_id: Mapped[str] = mapped_column(String(36), index=True)
