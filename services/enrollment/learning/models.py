"""The tables `sessions`, `attendance`, `check_ins` and `check_in_tries`.

A session counts as held once somebody's attendance is recorded.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id


class Session(Row, kw_only=True):
    """A session of a class; `attended` counts the trainees with at least one minute.

    A visit has the number of the visit in the plan that it carries out, and the host by which that one is
    known again in a later plan.
    """

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("class_id", "starts_at", "title"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36))
    title: Mapped[str] = mapped_column(String(200))
    mode: Mapped[str] = mapped_column(String(60))
    method: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    planned_visit: Mapped[int | None] = mapped_column(default=None)
    visit_host: Mapped[str | None] = mapped_column(String(200), default=None)
    attended: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Attendance(Row, kw_only=True):
    """How long one trainee was in one session; the last statement stands."""

    __tablename__ = "attendance"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), primary_key=True, index=True)
    minutes: Mapped[int]
    recorded_at: Mapped[datetime]


class CheckIn(Row, kw_only=True):
    """The window in which trainees check in to a session; of the code only a keyed hash is kept."""

    __tablename__ = "check_ins"

    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(64))


class CheckInTries(Row, kw_only=True):
    """How often a trainee gave a wrong code in the present window of a session."""

    __tablename__ = "check_in_tries"

    session_id: Mapped[str] = mapped_column(ForeignKey("check_ins.session_id"), primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    wrong: Mapped[int]
