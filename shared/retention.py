"""Erasing what is over its time: events that were relayed or settled, and idempotency keys, live for 30 days.

An event that has not been published, or not yet handled, is never erased.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from shared.database import Database, until
from shared.idempotency import idempotency_keys
from shared.inbox import inbox
from shared.outbox import outbox

KEPT = timedelta(days=30)
BATCH = 1000
PAUSE = 3600.0


async def retain(db: Database, stop: asyncio.Event) -> None:
    """Erase what is over its time, at once and every hour, until `stop`."""
    while not stop.is_set():
        await erase_old(db, datetime.now(UTC) - KEPT)
        await until(stop, PAUSE)


async def erase_old(db: Database, before: datetime) -> int:
    """Erase what was published, settled or claimed before this instant of real time; return how many rows."""
    erased = 0
    for table, over in (
        (outbox, outbox.c.relayed_at < before),
        (inbox, inbox.c.settled_at < before),
        (idempotency_keys, idempotency_keys.c.claimed_at < before),
    ):
        while count := await _erase_batch(db, table, over):
            erased += count
    return erased


async def _erase_batch(db: Database, table: Table, over: ColumnElement[bool]) -> int:
    """Erase so few rows that nobody waits long for the writer of SQLite."""
    key = tuple_(*table.primary_key.columns)
    old = select(*table.primary_key.columns).where(over).limit(BATCH)
    async with db.write() as session:
        rows = await session.execute(delete(table).where(key.in_(old)).returning(*table.primary_key.columns))
        return len(rows.all())
