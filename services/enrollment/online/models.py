"""The table `online_records`. A record is counted once in its class, however often it is sent."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id


class OnlineRecord(Row, kw_only=True):
    """How long one trainee learnt something online; `source_id` is the record's id where it came from."""

    __tablename__ = "online_records"
    __table_args__ = (UniqueConstraint("class_id", "source", "source_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    class_id: Mapped[str] = mapped_column(String(36))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), index=True)
    source: Mapped[str] = mapped_column(String(200))
    source_id: Mapped[str] = mapped_column(String(200))
    course: Mapped[str] = mapped_column(String(500))
    seconds: Mapped[int]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
