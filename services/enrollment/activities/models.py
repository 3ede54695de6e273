"""The tables `activities` and `participants`.

Two things are guarded by the database itself: no more are registered than there are places (a check on
the counter), and nobody stands twice in one activity (partial unique index). Whoever registers or leaves
locks the row of the activity first.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id

_STANDS = text("status <> 'withdrawn'")


class Activity(Row, kw_only=True):
    """An activity of a cycle; `status` is planned, open, held or cancelled.

    `organisation_id` holds it; `last_number` is the number that was given out last.
    """

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("registered between 0 and capacity", name="places"),
        Index(None, "cycle_id", "starts_on"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    facets: Mapped[dict[str, str]]
    organisation_id: Mapped[str] = mapped_column(String(36))
    host: Mapped[str] = mapped_column(String(200))
    host_industry_section: Mapped[str | None] = mapped_column(String(1), default=None)
    place: Mapped[str] = mapped_column(String(200))
    place_department_id: Mapped[str] = mapped_column(String(36))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default="planned")
    registered: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    attended: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    cancellation_reason: Mapped[str | None] = mapped_column(Text, default=None)
    version: Mapped[int] = mapped_column(default=1)
    planned_at: Mapped[datetime]
    held_at: Mapped[datetime | None] = mapped_column(default=None)


class Participant(Row, kw_only=True):
    """Who takes part, in the order of registration; `status` is registered, waiting or withdrawn.

    A graduate of a time before the platform has neither enrolment nor person here: the certificate is
    what was stated of it. Department and industry are those of the nomination.
    """

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        Index(
            "uq_participants_standing",
            "activity_id",
            "holder",
            unique=True,
            postgresql_where=_STANDS,
            sqlite_where=_STANDS,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    activity_id: Mapped[str] = mapped_column(ForeignKey("activities.id"))
    number: Mapped[int]
    holder: Mapped[str] = mapped_column(String(80))
    enrolment_id: Mapped[str | None] = mapped_column(String(36), index=True, default=None)
    person_id: Mapped[str | None] = mapped_column(String(36), index=True, default=None)
    class_id: Mapped[str | None] = mapped_column(String(36), index=True, default=None)
    certificate_number: Mapped[str | None] = mapped_column(String(64), default=None)
    legacy: Mapped[bool] = mapped_column(default=False)
    legacy_issuer: Mapped[str | None] = mapped_column(String(200), default=None)
    legacy_cycle: Mapped[str | None] = mapped_column(String(200), default=None)
    department_id: Mapped[str] = mapped_column(String(36))
    industry_section: Mapped[str | None] = mapped_column(String(1), default=None)
    status: Mapped[str] = mapped_column(String(16))
    attended: Mapped[bool | None] = mapped_column(default=None)
    registered_for: Mapped[str] = mapped_column(String(36))
    registered_by: Mapped[str] = mapped_column(String(64))
    registered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
