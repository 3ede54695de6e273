"""Republishing: an owner states its current resources again, for one consumer alone.

It rebuilds a lost copy, and acquaints a new service with those that run already. What is stated again has the
version and the audience that it had: whoever knows that version ignores it, so it may be said as often as one
likes, beside all traffic, and begun anew after a crash. Facts are not republished: they are no state.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.copies import copies
from shared.copywatch import RestsOnCopy
from shared.database import Database, is_transient
from shared.events.envelope import Event
from shared.events.listeners import LISTENERS
from shared.outbox import record

CHUNK = 500

Restate = Callable[[AsyncSession, str, datetime], Awaitable[Sequence[Event]]]
"""States the next CHUNK aggregates of a resource, whose ids come after the given one, in their order."""

Restated = Mapping[str, Restate]
"""What a service can state again, by resource; each service has one in its `republishing.py`."""

Row = TypeVar("Row")

_PAUSES = (0.05, 0.2, 1.0)
_STATE = ".state.v1"

_log = structlog.get_logger(__name__)


async def next_rows(
    session: AsyncSession, table: type[Row], key: InstrumentedAttribute[str], after: str
) -> Sequence[Row]:
    """Read the next chunk of a table. Who would change one of the rows waits until it has been stated."""
    rows = select(table).where(key > after).order_by(key).limit(CHUNK)
    return (await session.scalars(rows.with_for_update(read=True))).all()


def resources_heard_by(service: str) -> frozenset[str]:
    """List the resources of which a service keeps copies."""
    heard = (one for one, services in LISTENERS.items() if service in services and one.endswith(_STATE))
    return frozenset(one.removesuffix(_STATE) for one in heard)


async def republish(
    db: Database, restated: Restated, consumer: str, resources: Collection[str] | None = None
) -> dict[str, int]:
    """State again for `consumer` what it hears of these resources; tell how much there was of each."""
    wanted = resources_heard_by(consumer)
    if resources is not None:
        wanted &= frozenset(resources)
    told: dict[str, int] = {}
    for resource, restate in restated.items():
        if resource in wanted:
            told[resource] = await _tell(db, restate, consumer)
    return told


async def acquaint(databases: Mapping[str, Database], restated: Mapping[str, Restated]) -> None:
    """Republish to each service the resources of which it holds not one copy.

    Done before anything is relayed it needs no mark of its own: a service that was not told everything holds
    nothing, so a start that was killed is made up for by the next.
    """
    for consumer, database in databases.items():
        lacking = await _lacking(database, resources_heard_by(consumer))
        for owner, own in restated.items():
            try:
                await republish(databases[owner], own, consumer, lacking)
            except RestsOnCopy as lag:
                # The home must come up all the same, or the owner would never get its own copies back.
                _log.error("not republished", service=owner, to=consumer, lacks=lag.aggregate)


async def _tell(db: Database, restate: Restate, consumer: str) -> int:
    total, after = 0, ""
    while True:
        stated = await _record_next(db, restate, after, consumer)
        total += len(stated)
        if len(stated) < CHUNK:
            return total
        after = stated[-1].subject.partition("/")[2]


async def _record_next(db: Database, restate: Restate, after: str, consumer: str) -> Sequence[Event]:
    """Record one chunk in a transaction of its own; a collision with traffic is no reason to give up."""
    for pause in _PAUSES:
        try:
            return await _record(db, restate, after, consumer)
        except DBAPIError as error:
            if not is_transient(error):
                raise
        await asyncio.sleep(pause)
    return await _record(db, restate, after, consumer)


async def _record(db: Database, restate: Restate, after: str, consumer: str) -> Sequence[Event]:
    async with db.write() as session:
        stated = await restate(session, after, datetime.now(UTC))
        await record(session, *stated, only_for=consumer)
    return stated


async def _lacking(db: Database, resources: Collection[str]) -> set[str]:
    async with db.read() as session:
        known = select(copies.c.resource).where(copies.c.resource.in_(resources), copies.c.version > 0)
        return set(resources) - set(await session.scalars(known.distinct()))
