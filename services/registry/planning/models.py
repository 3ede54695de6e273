"""The tables `department_plans`, `seat_allotments`, `seats_taken`."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.tables import Row
from shared.ids import new_id


class DepartmentPlan(Row, kw_only=True):
    """How many a department means to send to classes of each kind (C28); `kinds` holds `kind` and `heads`."""

    __tablename__ = "department_plans"
    __table_args__ = (UniqueConstraint("cycle_id", "department_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    kinds: Mapped[list[dict[str, Any]]]
    note: Mapped[str | None] = mapped_column(Text, default=None)
    version: Mapped[int] = mapped_column(default=1)
    put_at: Mapped[datetime]
    put_by: Mapped[str] = mapped_column(String(64))


class SeatAllotment(Row, kw_only=True):
    """Seats of a department in a cycle: anywhere, with one institution, or in one class.

    In a class `institution_id` is the one named, else the lead of the class when the seats were allotted.
    """

    __tablename__ = "seat_allotments"
    __table_args__ = (
        UniqueConstraint("cycle_id", "department_id", "place"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    institution_id: Mapped[str | None] = mapped_column(
        ForeignKey("organisations.id"), index=True, default=None
    )
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"), index=True, default=None)
    place: Mapped[str] = mapped_column(String(80))
    """Institution and class in one word, so that two allotments of one place cannot be."""
    seats: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    allotted_at: Mapped[datetime]
    allotted_by: Mapped[str] = mapped_column(String(64))


class SeatTaken(Row, kw_only=True):
    """A trainee in a class, as approvals and withdrawals tell, which come in any order (Q8).

    `department_id` is the home department; absent while only the withdrawal has arrived. `merges` counts the
    standing merges of persons by which the enrolment goes on as another one, which takes the seat.
    """

    __tablename__ = "seats_taken"
    __table_args__ = (Index("ix_seats_taken_department_id_class_id", "department_id", "class_id"),)

    enrolment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    class_id: Mapped[str] = mapped_column(String(36))
    department_id: Mapped[str | None] = mapped_column(String(36), default=None)
    left: Mapped[bool] = mapped_column(default=False)
    merges: Mapped[int] = mapped_column(default=0)
