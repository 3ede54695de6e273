"""How the ledger is stated to everybody: until when, and for whom. Why and by whom stays in `registry`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.deadlines.models import Deadline
from services.registry.deadlines.queries import tell
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import DeadlineState
from shared.outbox import record


async def restate(session: AsyncSession, rows: Sequence[Deadline], now: datetime) -> None:
    """Raise the version of changed deadlines, or of a new one to its first, and state them."""
    for row in rows:
        row.version += 1
    await session.flush()
    told = await tell(session, rows)
    await record(session, *(deadline_state(row, told[row.id], now) for row in rows))


def deadline_state(row: Deadline, told: DeadlineState, at: datetime) -> Event:
    return state(
        told, version=row.version, at=at, cycle=row.cycle_id, revision=row.revision, audience=(PUBLIC,)
    )
