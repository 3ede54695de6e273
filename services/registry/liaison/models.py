"""The tables `liaison_forms`, `liaison_form_versions` and `liaison_overdue` (C19).

What was once submitted is kept. The personal fields are sealed as one JSON text; no name or number
stands in the clear.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.tables import Row
from shared.ids import new_id


class LiaisonForm(Row, kw_only=True):
    """A department's answer for a cycle. `late` tells whether its *first* version came too late."""

    __tablename__ = "liaison_forms"
    __table_args__ = (UniqueConstraint("cycle_id", "department_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    late: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)


class LiaisonOverdue(Row, kw_only=True):
    """That a sweep found a department without a form when the deadline had closed for it; written once."""

    __tablename__ = "liaison_overdue"

    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(primary_key=True)
    noted_at: Mapped[datetime]


class LiaisonFormVersion(Row, kw_only=True):
    """`on_behalf`: whoever receives the forms entered it. Paper has the day it came in and its reference."""

    __tablename__ = "liaison_form_versions"

    form_id: Mapped[str] = mapped_column(ForeignKey("liaison_forms.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    fields: Mapped[dict[str, str]]
    sealed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    late: Mapped[bool]
    on_behalf: Mapped[bool] = mapped_column(default=False)
    received_on: Mapped[date | None] = mapped_column(default=None)
    reference: Mapped[str | None] = mapped_column(String(200), default=None)
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(String(64))
