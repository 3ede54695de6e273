"""The inbox: events that arrived, each kept once, until the runner has worked through them.

`store` only keeps, so that a broker may acknowledge what it returns from. A row is `due`, `waiting` (for a
state that its fact rests on), `done` or `parked` (it failed too often; see `shared/parked.py`).
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, Text, text

from shared.database import BigId, Database, Instant, notify, plumbing, upsert
from shared.outbox import Message

TOPIC = "inbox"

_due = text("status = 'due'")
_waiting = text("status = 'waiting'")

inbox = Table(
    "inbox",
    plumbing,
    Column("event_id", String(36), primary_key=True),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("status", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", BigId, nullable=False),
    Column("fault", String),
    Column("waits_for", String),
    Column("waits_version", BigId),
    Column("settled_at", Instant),
    Index("ix_inbox_due", "due_at", sqlite_where=_due, postgresql_where=_due),
    Index("ix_inbox_waiting", "waits_for", sqlite_where=_waiting, postgresql_where=_waiting),
    Index("ix_inbox_settled_at", "settled_at"),
)

_KEEP = upsert(inbox).on_conflict_do_nothing()


async def store(db: Database, messages: Iterable[Message], now: datetime) -> None:
    """Keep what arrived, in one insert; what is here already is ignored."""
    arrived = {message.id: message for message in messages}
    if not arrived:
        return
    rows = [
        {
            "event_id": message.id,
            "type": message.type,
            "body": message.body,
            "status": "due",
            "due_at": now,
            "attempts": 0,
        }
        # Sorted: two consumers that got the same events would wait for each other otherwise.
        for _, message in sorted(arrived.items())
    ]
    async with db.write() as session:
        await session.execute(_KEEP, rows)
        notify(session, TOPIC)
