"""How suspensions are stated to everybody, and the lock under which they begin and end.

Whoever decides or lifts a suspension, hears of an evaluation, loads a pack, or designates holds one name
before locking any row: all of these look for what another one is just writing, where there is no row to
lock yet. They are few in a year. After it, rows are locked in this order: cycles, suspensions, classes,
designations; classes and designations each in the order of their ids.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.suspensions.models import Suspension
from shared.database import Database
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import SuspensionState
from shared.outbox import record


async def hold(session: AsyncSession) -> None:
    """Keep others from beginning or ending a suspension, loading a pack and designating until the end."""
    await Database.exclusive(session, "suspensions")


async def restate(session: AsyncSession, rows: Sequence[Suspension], now: datetime) -> None:
    """Raise the version of changed suspensions, or of a new one to its first, and state them."""
    for row in rows:
        row.version += 1
    await session.flush()
    await record(session, *(suspension_state(row, now) for row in rows))


def suspension_state(row: Suspension, at: datetime) -> Event:
    return state(
        SuspensionState.model_validate(row, from_attributes=True),
        version=row.version,
        at=at,
        cycle=row.evaluated_cycle_id,
        revision=row.revision,
        audience=(PUBLIC,),
    )
