"""What a service knows of the others: the newest state it has heard of each aggregate.

Copies lag behind their owners. A row of version 0 is a placeholder: nothing was heard yet, and it is there
to be locked by those who wait for the aggregate and by those who bring it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Row, String, Table, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import BigId, Instant, Json, notify, plumbing, upsert
from shared.events.envelope import Event, aggregate

TOPIC = "copies"

copies = Table(
    "copies",
    plumbing,
    Column("aggregate", String, primary_key=True),
    Column("resource", String, nullable=False),
    Column("version", BigId, nullable=False),
    Column("time", Instant),
    Column("cycle", String),
    Column("revision", BigId),
    Column("audience", Json),
    Column("data", Json),
    Index(None, "resource"),
)

_NAMED = copies.c.aggregate.in_(bindparam("names", expanding=True))
_KNOWN = select(copies).where(_NAMED, copies.c.version > 0)
_HELD = _KNOWN.order_by(copies.c.aggregate).with_for_update(read=True)
_PLACEHOLDER = upsert(copies).on_conflict_do_nothing()
_LOCK = (
    select(copies.c.aggregate, copies.c.version).where(_NAMED).order_by(copies.c.aggregate).with_for_update()
)
_newer = upsert(copies)
_BRING = _newer.on_conflict_do_update(
    index_elements=["aggregate"],
    set_={
        name: _newer.excluded[name] for name in ("version", "time", "cycle", "revision", "audience", "data")
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One aggregate of another service as it was at `version`; `data` is the body of its state."""

    aggregate: str
    resource: str
    version: int
    time: datetime
    cycle: str | None
    revision: int | None
    audience: tuple[str, ...]
    data: dict[str, Any]


async def get_copy(session: AsyncSession, resource: str, identifier: str) -> Copy | None:
    """Find what was heard of one aggregate; None when nothing was."""
    return (await get_copies(session, resource, [identifier])).get(identifier)


async def get_copies(
    session: AsyncSession, resource: str, identifiers: Iterable[str], *, held: bool = False
) -> dict[str, Copy]:
    """Find what was heard of several aggregates of one resource, by their ids.

    `held` keeps them as they are to the end of the transaction: who brings a newer one waits.
    """
    names = {aggregate(resource, identifier): identifier for identifier in identifiers}
    if not names:
        return {}
    found = await read_copies(session, names, held=held)
    return {names[name]: copy for name, copy in found.items()}


async def read_copies(
    session: AsyncSession, aggregates: Iterable[str], *, held: bool = False
) -> dict[str, Copy]:
    """Find what was heard of several aggregates, by their names."""
    known = await session.execute(_HELD if held else _KNOWN, {"names": list(aggregates)})
    return {row.aggregate: _copy(row) for row in known}


async def list_copies(session: AsyncSession, resource: str) -> list[Copy]:
    """List what was heard of all aggregates of one resource, in order of their ids."""
    known = select(copies).where(copies.c.resource == resource, copies.c.version > 0)
    return [_copy(row) for row in await session.execute(known.order_by(copies.c.aggregate))]


async def lock_copies(session: AsyncSession, aggregates: Collection[str]) -> dict[str, int]:
    """Lock the rows of these aggregates to the end of the transaction; return the versions they hold.

    First all placeholders, then all rows, both sorted: any other order deadlocks. Never call it inside a
    savepoint, whose rollback would let go of the locks.
    """
    names = sorted(aggregates)
    if not names:
        return {}
    placeholders = [{"aggregate": name, "resource": name.partition("/")[0], "version": 0} for name in names]
    await session.execute(_PLACEHOLDER, placeholders)
    locked = await session.execute(_LOCK, {"names": names})
    return {row.aggregate: row.version for row in locked}


async def bring(session: AsyncSession, states: Iterable[Event]) -> None:
    """Write states into rows that `lock_copies` has locked and that hold an older version."""
    rows = [
        {
            "aggregate": state.subject,
            "resource": state.subject.partition("/")[0],
            "version": state.version,
            "time": state.time,
            "cycle": state.cycle,
            "revision": state.revision,
            "audience": list(state.audience),
            "data": state.data,
        }
        for state in states
    ]
    await session.execute(_BRING, rows)
    notify(session, TOPIC)


def _copy(row: Row[Any]) -> Copy:
    return Copy(
        aggregate=row.aggregate,
        resource=row.resource,
        version=row.version,
        time=row.time,
        cycle=row.cycle,
        revision=row.revision,
        audience=tuple(row.audience or ()),
        data=row.data,
    )
