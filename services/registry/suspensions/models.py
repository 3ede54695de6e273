"""The tables `suspensions`, one per evaluation and institution, and `judgements` of final rounds."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.suspensions.domain import Ground, SuspensionStatus
from services.registry.tables import Row
from shared.ids import new_id

_IMPORTED = text("imported")


class Suspension(Row, kw_only=True):
    """`evaluation_id` is the round. `lifted_by` is null where a newer evaluation lifted it.

    An imported one rests on a `document` about a cycle that never ran here, and so is loaded nowhere; its
    `evaluation_id` is its own id. `pinned`: it names the cycle that it bars, whatever follows what.

    `barred_cycle_id` is the cycle that follows the evaluated one, null while none is loaded; of a lifted
    suspension it stays as it was.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "institution_id"),
        Index(
            "uq_suspensions_imported",
            "evaluated_cycle_id",
            "institution_id",
            unique=True,
            postgresql_where=_IMPORTED,
            sqlite_where=_IMPORTED,
        ),
        Index("ix_suspensions_evaluated_cycle_id_institution_id", "evaluated_cycle_id", "institution_id"),
        Index("ix_suspensions_barred_cycle_id_institution_id", "barred_cycle_id", "institution_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    evaluated_cycle_id: Mapped[str] = mapped_column(String(100))
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
    imported: Mapped[bool] = mapped_column(default=False)
    pinned: Mapped[bool] = mapped_column(default=False)
    document: Mapped[str | None] = mapped_column(String(200), default=None)
    decided_on: Mapped[date | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0)

    @property
    def cause(self) -> str:
        """Name the evaluation, or the document, by which it was decided."""
        return self.evaluation_id if self.document is None else self.document


class Judgement(Row, kw_only=True):
    """What a final round said of one institution; kept, so that facts may come in any order."""

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_cycle_id_institution_id", "cycle_id", "institution_id"),)

    evaluation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    number: Mapped[int]
    suspended: Mapped[bool]
