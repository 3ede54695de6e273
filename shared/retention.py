"""Erasing events after their time: outbox, inbox and parked rows live for 30 days.

An event that has not been published, or not yet handled, is never erased.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete

from shared.database import Database
from shared.inbox import inbox
from shared.outbox import outbox

KEPT = timedelta(days=30)


async def erase_old(db: Database, before: datetime) -> int:
    """Erase what was published or settled before this instant of real time; return how many rows."""
    async with db.write() as session:
        relayed = await session.execute(
            delete(outbox).where(outbox.c.relayed_at < before).returning(outbox.c.position)
        )
        settled = await session.execute(
            delete(inbox).where(inbox.c.settled_at < before).returning(inbox.c.event_id)
        )
        return len(relayed.all()) + len(settled.all())
