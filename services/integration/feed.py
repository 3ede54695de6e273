"""Writing the change feed: every state that is brought becomes a change, numbered once it is committed."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.integration.models import change_terms, changes
from shared.database import Database, notify
from shared.listener import Brought
from shared.sequencer import number

TOPIC = "changes"

_ADD = insert(changes)
_FIND = insert(change_terms)


async def add_changes(session: AsyncSession, brought: Sequence[Brought]) -> None:
    """Add what was brought, with whom it concerned before and whom it concerns now."""
    rows = []
    for one in brought:
        resource, _, aggregate_id = one.after.subject.partition("/")
        rows.append(
            {
                "resource": resource,
                "aggregate_id": aggregate_id,
                "version": one.after.version,
                "time": one.after.time,
                "cycle": one.after.cycle,
                "before": None if one.before is None else list(one.before.audience),
                "after": list(one.after.audience),
                "data": dict(one.after.data),
            }
        )
    await session.execute(_ADD, rows)
    notify(session, TOPIC)


async def number_changes(db: Database) -> int:
    """Give a batch of committed changes their numbers, and let readers find them by their terms."""
    return await number(db, changes, then=_index)


async def _index(session: AsyncSession, first: int, last: int) -> None:
    given = select(changes.c.number, changes.c.before, changes.c.after).where(
        changes.c.number.between(first, last)
    )
    rows = [
        {"term": term, "number": row.number}
        for row in await session.execute(given)
        for term in sorted({*(row.before or ()), *row.after})
    ]
    if rows:
        await session.execute(_FIND, rows)
