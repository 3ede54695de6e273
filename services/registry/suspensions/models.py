"""The tables `suspensions`, one per evaluation and institution, and `judgements` of final rounds."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.suspensions.domain import Ground, SuspensionStatus
from services.registry.tables import Row
from shared.ids import new_id


class Suspension(Row, kw_only=True):
    """`evaluation_id` is the round. `lifted_by` is null where a newer evaluation lifted it.

    `barred_cycle_id` is the cycle that follows the evaluated one, null while none is loaded; of a lifted
    suspension it stays as it was.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "institution_id"),
        Index("ix_suspensions_evaluated_cycle_id_institution_id", "evaluated_cycle_id", "institution_id"),
        Index("ix_suspensions_barred_cycle_id_institution_id", "barred_cycle_id", "institution_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    evaluated_cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int | None]
    evaluation_id: Mapped[str] = mapped_column(String(36))
    ground: Mapped[Ground] = mapped_column(String(16))
    total: Mapped[int | None] = mapped_column(default=None)
    clause: Mapped[list[str]]
    status: Mapped[SuspensionStatus] = mapped_column(String(16))
    barred_cycle_id: Mapped[str | None] = mapped_column(ForeignKey("cycles.id"))
    decided_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[str | None] = mapped_column(String(64), default=None)
    lift_reason: Mapped[str | None] = mapped_column(Text, default=None)
    version: Mapped[int] = mapped_column(default=0)


class Judgement(Row, kw_only=True):
    """What a final round said of one institution; kept, so that facts may come in any order."""

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_cycle_id_institution_id", "cycle_id", "institution_id"),)

    evaluation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    number: Mapped[int]
    suspended: Mapped[bool]
