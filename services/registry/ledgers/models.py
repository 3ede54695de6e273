"""The tables `fund_ledgers`, one per class, and `fund_entries`, which are only ever added to (C33).

No running total is kept: a sum is taken over the entries, under the lock of the ledger where something
rests on it.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.ledgers.domain import EntryKind
from services.registry.ledgers.guards import guard
from services.registry.tables import Row
from shared.ids import new_id


class FundLedger(Row, kw_only=True):
    """The ledger of a class, from its first entry on; `reader_ids` are the parties of the class now.

    `version` counts its entries and each change of its readers; `entries` numbers the entries.
    """

    __tablename__ = "fund_ledgers"

    id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), index=True)
    revision: Mapped[int]
    reader_ids: Mapped[list[str]]
    entries: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)


class FundEntry(Row, kw_only=True):
    """Money in integer fen that came in or was spent; one that reverses another takes its amount back.

    `item` is the funding line or the kind of cost. `exceeded` names what an expense went over.
    """

    __tablename__ = "fund_entries"
    __table_args__ = (
        UniqueConstraint("ledger_id", "number"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("kind in ('funding', 'expense')", name="kind_known"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    ledger_id: Mapped[str] = mapped_column(ForeignKey("fund_ledgers.id"))
    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(String(16))
    item: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int]
    dated_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(200))
    source: Mapped[str | None] = mapped_column(String(200), default=None)
    head: Mapped[str | None] = mapped_column(String(200), default=None)
    persons: Mapped[int | None] = mapped_column(default=None)
    days: Mapped[int | None] = mapped_column(default=None)
    class_hours: Mapped[int | None] = mapped_column(default=None)
    exceeded: Mapped[list[str]]
    justification: Mapped[str | None] = mapped_column(Text, default=None)
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("fund_entries.id"), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    revision: Mapped[int]
    posted_at: Mapped[datetime]
    posted_by: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(64))


guard(Row.metadata)
