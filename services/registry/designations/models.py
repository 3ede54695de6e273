"""The tables `designations`, one per cycle and institution with its evidence, and `designation_history`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.designations.domain import DESIGNATED, AssessmentResult, DesignationStatus, Reason
from services.registry.tables import Row
from shared.ids import new_id


class Designation(Row, kw_only=True):
    """`evaluation_id` is the newest final round that judged the institution in this cycle.

    `revision` is that of the pack by which it was asked for: it judges to the end of the selection.
    """

    __tablename__ = "designations"
    __table_args__ = (UniqueConstraint("cycle_id", "institution_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    class_kinds: Mapped[list[str]]
    assessment_reference: Mapped[str | None] = mapped_column(String(200), default=None)
    assessor: Mapped[str | None] = mapped_column(String(200), default=None)
    assessed_on: Mapped[date | None] = mapped_column(default=None)
    assessment_result: Mapped[AssessmentResult | None] = mapped_column(String(16), default=None)
    selection_reference: Mapped[str | None] = mapped_column(String(200), default=None)
    evaluation_id: Mapped[str | None] = mapped_column(String(36), default=None)
    status: Mapped[DesignationStatus] = mapped_column(String(16), default=DESIGNATED)
    version: Mapped[int] = mapped_column(default=1)
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    designated_at: Mapped[datetime | None] = mapped_column(default=None)
    designated_by: Mapped[str | None] = mapped_column(String(64), default=None)


class DesignationTurn(Row, kw_only=True):
    """That a designation came into a state, at `version` of it; `entered_by` is null for an event."""

    __tablename__ = "designation_history"

    designation_id: Mapped[str] = mapped_column(ForeignKey("designations.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[DesignationStatus] = mapped_column(String(16))
    reason: Mapped[Reason] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Text, default=None)
    reference: Mapped[str | None] = mapped_column(String(200), default=None)
    at: Mapped[datetime]
    entered_by: Mapped[str | None] = mapped_column(String(64), default=None)
