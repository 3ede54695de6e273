"""The table `designations`: one per cycle and institution, with its evidence."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.designations.domain import DESIGNATED, DesignationStatus
from services.registry.tables import Row
from shared.ids import new_id


class Designation(Row, kw_only=True):
    """`evaluation_id` is the newest final round that judged the institution in this cycle."""

    __tablename__ = "designations"
    __table_args__ = (UniqueConstraint("cycle_id", "institution_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    class_kinds: Mapped[list[str]]
    assessment_reference: Mapped[str | None] = mapped_column(String(200), default=None)
    selection_reference: Mapped[str | None] = mapped_column(String(200), default=None)
    evaluation_id: Mapped[str | None] = mapped_column(String(36), default=None)
    status: Mapped[DesignationStatus] = mapped_column(String(16), default=DESIGNATED)
    version: Mapped[int] = mapped_column(default=1)
    designated_at: Mapped[datetime]
    designated_by: Mapped[str] = mapped_column(String(64))
