"""The tables `completions` and `completion_rows`: one completion a class, one row an enrolment.

A proposal is replaced by the next until it is confirmed; then it is what certificates rest on.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id


class Completion(Row, kw_only=True):
    """`criteria` and `held_minutes` are what it was judged by; principals are who acted (Q16)."""

    __tablename__ = "completions"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36), unique=True)
    status: Mapped[str] = mapped_column(String(16), default="proposed")
    criteria: Mapped[dict[str, Any]]
    held_minutes: Mapped[int]
    completed: Mapped[int]
    not_completed: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)


class CompletionRow(Row, kw_only=True):
    """One trainee of the class; `position` counts in order of roster number, then row."""

    __tablename__ = "completion_rows"

    completion_id: Mapped[str] = mapped_column(ForeignKey("completions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(36))
    department_id: Mapped[str] = mapped_column(String(36))
    minutes: Mapped[int]
    attendance_percent: Mapped[int]
    met: Mapped[bool]
    reasons: Mapped[list[Any]]
