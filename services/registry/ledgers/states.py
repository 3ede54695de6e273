"""How a ledger is stated to those who may read it: the parties of its class and whoever tracks (C33).

A class is locked before its ledger, by whoever changes either.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.ledgers.domain import EXPENSE, FUNDING, Sum, sums_of
from services.registry.ledgers.models import FundLedger
from services.registry.ledgers.queries import list_sums
from services.registry.tables import insert_new
from shared.events.audience import act_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.means import FundLedgerState
from shared.outbox import record


async def open_ledger(
    session: AsyncSession, class_id: str, cycle_id: str, revision: int, readers: Collection[str]
) -> FundLedger:
    """Get the ledger of a class for an entry, and begin it with the first; whoever else enters waits."""
    begun = FundLedger(id=class_id, cycle_id=cycle_id, revision=revision, reader_ids=sorted(readers))
    await insert_new(session, begun)
    ledger = await session.get_one(FundLedger, class_id, with_for_update=True, populate_existing=True)
    ledger.revision = revision
    return ledger


async def follow_readers(
    session: AsyncSession, class_id: str, readers: Collection[str], now: datetime
) -> None:
    """Let the ledger of a class, if it has one, be read by the parties that the class has now."""
    ledger = await session.get(FundLedger, class_id, with_for_update=True, populate_existing=True)
    if ledger is not None and ledger.reader_ids != sorted(readers):
        ledger.reader_ids = sorted(readers)
        await restate(session, ledger, now)


async def restate(session: AsyncSession, ledger: FundLedger, now: datetime) -> None:
    """Raise the version of a changed ledger and state it with its sums."""
    ledger.version += 1
    await session.flush()
    sums = await list_sums(session, [ledger.id])
    await record(session, ledger_state(ledger, sums[ledger.id], now))


def ledger_state(ledger: FundLedger, sums: Sequence[Sum], at: datetime) -> Event:
    return state(
        FundLedgerState(
            id=ledger.id,
            cycle_id=ledger.cycle_id,
            entries=ledger.entries,
            funded_fen=sums_of(FUNDING, sums),
            spent_fen=sums_of(EXPENSE, sums),
        ),
        version=ledger.version,
        at=at,
        cycle=ledger.cycle_id,
        revision=ledger.revision,
        audience=(*map(organisation_term, ledger.reader_ids), act_term("track", ledger.cycle_id)),
    )
