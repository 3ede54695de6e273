"""The relay: publishes what the outbox holds, in batches, and marks it once the broker has it.

No transaction is open while it publishes: embedded services would wait for each other's writer. A crash
before the mark publishes again; the inbox keeps each event once. An event that finds no queue stays, is
reported and tried again, and holds nobody up.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import bindparam, or_, select, update

from shared.broker import Broker
from shared.database import Database, until
from shared.outbox import TOPIC, Message, outbox

BATCH = 500
POLL = 2.0
RETRY_AFTER = timedelta(seconds=10)

_DUE = (
    select(outbox.c.position, outbox.c.event_id, outbox.c.type, outbox.c.body, outbox.c.only_for)
    .where(
        outbox.c.relayed_at.is_(None), or_(outbox.c.retry_at.is_(None), outbox.c.retry_at <= bindparam("now"))
    )
    .order_by(outbox.c.position)
    .limit(bindparam("most"))
)
_MARK = (
    update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .values(relayed_at=bindparam("now"), fault=None)
)
_log = structlog.get_logger(__name__)


async def relay(db: Database, broker: Broker, stop: asyncio.Event) -> None:
    """Publish until `stop`; stands by while another process of the service is the one to do it."""
    async with db.lease("relay") as lease:
        with db.waker(TOPIC) as woken:
            while not stop.is_set():
                woken.clear()
                began = time.monotonic()
                held = lease is None or await lease.held()
                # What is committed after a batch that was not full has woken us already.
                if not held or await relay_due(db, broker, datetime.now(UTC)) < BATCH:
                    await until(woken, POLL)
                    await asyncio.sleep(began + db.pause - time.monotonic())


async def relay_due(db: Database, broker: Broker, now: datetime, limit: int = BATCH) -> int:
    """Publish and mark one batch; return how many events were taken up."""
    async with db.read() as session:
        rows = (await session.execute(_DUE, {"now": now, "most": limit})).all()
    if not rows:
        return 0
    messages = [Message(row.event_id, row.type, row.body, row.only_for) for row in rows]
    heard = [message for message in messages if message.receivers & broker.deployed]
    refused = await broker.publish(heard) if heard else {}
    async with db.write() as session:
        published = [row.position for row in rows if row.event_id not in refused]
        if published:
            await session.execute(_MARK, {"positions": published, "now": now})
        for reason in sorted(set(refused.values())):
            kept = [row.position for row in rows if refused.get(row.event_id) == reason]
            later = update(outbox).where(outbox.c.position.in_(kept))
            await session.execute(later.values(retry_at=now + RETRY_AFTER, fault=reason))
    for row in rows:
        if row.event_id in refused:
            _log.error(
                "event not published", event_id=row.event_id, type=row.type, fault=refused[row.event_id]
            )
    return len(rows)
