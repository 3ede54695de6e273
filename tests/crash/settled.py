"""When a platform has come to rest: everything relayed, handled and numbered, nothing parked."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import column, func, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.inbox import inbox
from shared.outbox import outbox, receivers_of

_PATIENCE_SECONDS = 120
_UNNUMBERED = select(func.count()).select_from(table("changes")).where(column("number").is_(None))
"""The rows of a change feed that nobody can read yet, in a service that has one."""


class NeverSettled(Exception):
    """Events are parked, wait for ever, or were not relayed."""


async def until_settled(databases: Sequence[Database]) -> None:
    """Return when no event is on its way; raise NeverSettled with what is left when time runs out."""
    left = ""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while left := await _left(databases):
                if "parked" in left:
                    raise NeverSettled(left)
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise NeverSettled(left) from None
    await _all_heard(databases)


async def _left(databases: Sequence[Database]) -> str:
    """Say what is still on its way, per service and status; empty when nothing is."""
    found: list[str] = []
    for database in databases:
        async with database.read() as session:
            unrelayed = await session.scalar(
                select(func.count()).select_from(outbox).where(outbox.c.relayed_at.is_(None))
            )
            statuses = await session.execute(
                select(inbox.c.status, func.count()).where(inbox.c.status != "done").group_by(inbox.c.status)
            )
            found += [f"{database.name}: {count} {status}" for status, count in statuses]
            if unrelayed:
                found.append(f"{database.name}: {unrelayed} unrelayed")
            if await _has_feed(session) and (unnumbered := await session.scalar(_UNNUMBERED)):
                found.append(f"{database.name}: {unnumbered} unnumbered")
    return ", ".join(found)


async def _has_feed(session: AsyncSession) -> bool:
    connection = await session.connection()
    return await connection.run_sync(lambda sync: inspect(sync).has_table("changes"))


async def _all_heard(databases: Sequence[Database]) -> None:
    """Compare what was said with what was heard: no event is lost between outbox and inbox."""
    said: dict[str, set[str]] = {database.name: set() for database in databases}
    heard: dict[str, set[str]] = {}
    for database in databases:
        async with database.read() as session:
            for row in await session.execute(select(outbox.c.event_id, outbox.c.type, outbox.c.only_for)):
                for listener in receivers_of(row.type, row.only_for) & said.keys():
                    said[listener].add(row.event_id)
            heard[database.name] = set(await session.scalars(select(inbox.c.event_id)))
    for service, events in said.items():
        if lost := events - heard[service]:
            raise NeverSettled(f"{service} never heard {len(lost)} events")
