"""The tables `final_reports` (one a trainee; a new one replaces what was returned) and `course_scores`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id


class FinalReport(Row, kw_only=True):
    """The report itself lies elsewhere: `reference` says where, `sha256` which text it was."""

    __tablename__ = "final_reports"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(500))
    sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), default="submitted")
    return_reason: Mapped[str | None] = mapped_column(Text, default=None)
    submitted_by: Mapped[str] = mapped_column(String(64))
    submitted_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(64), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class CourseScore(Row, kw_only=True):
    """The score of one trainee in one course, in hundredths: 8550 is 85.50; the last word stands."""

    __tablename__ = "course_scores"
    __table_args__ = (CheckConstraint("score between 0 and 10000", name="score"),)

    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), primary_key=True)
    course: Mapped[str] = mapped_column(String(200), primary_key=True)
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    score: Mapped[int]
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
