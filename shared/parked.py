"""Parked events: those that failed too often. An operator lists them, mends the cause and replays them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import notify
from shared.inbox import TOPIC, inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """One parked event; `fault` is kind and place of the last error."""

    event_id: str
    type: str
    attempts: int
    fault: str
    parked_at: datetime


async def list_parked(session: AsyncSession) -> list[Parked]:
    """List what is parked, the longest parked first."""
    columns = select(inbox.c.event_id, inbox.c.type, inbox.c.attempts, inbox.c.fault, inbox.c.settled_at)
    parked = columns.where(inbox.c.status == "parked").order_by(inbox.c.settled_at, inbox.c.event_id)
    return [
        Parked(
            event_id=row.event_id,
            type=row.type,
            attempts=row.attempts,
            fault=row.fault,
            parked_at=row.settled_at,
        )
        for row in await session.execute(parked)
    ]


async def replay(session: AsyncSession, event_ids: Collection[str], now: datetime) -> list[str]:
    """Make these parked events due again, with all their attempts; return those that were parked."""
    parked = update(inbox).where(inbox.c.status == "parked", inbox.c.event_id.in_(event_ids))
    again = parked.values(status="due", due_at=now, attempts=0, fault=None, settled_at=None)
    replayed = (await session.scalars(again.returning(inbox.c.event_id))).all()
    notify(session, TOPIC)
    return sorted(replayed)
