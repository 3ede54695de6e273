"""The runner: works through what is due in the inbox, up to 200 events in one transaction.

States are brought first, in one upsert of newer versions; then each fact runs its handler, or waits in its
row for the states it rests on. Whoever brings a state and whoever checks for it lock the same row of
`copies`, so that neither can miss the other. Several runners compete; effects happen once.
"""

import asyncio
import random
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic_core import from_json
from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.copies import bring, copies, lock_copies, read_copies
from shared.database import Database, is_transient, notify
from shared.events.envelope import Event, Need
from shared.inbox import TOPIC, inbox
from shared.listener import Brought, Listener
from shared.redacted import describe

BATCH = 200
ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=10)

_DUE = select(inbox.c.event_id, inbox.c.type, inbox.c.body, inbox.c.attempts).where(
    inbox.c.status == "due", inbox.c.due_at <= bindparam("now")
)
_OLDEST = (
    _DUE.order_by(inbox.c.due_at, inbox.c.event_id).limit(bindparam("most")).with_for_update(skip_locked=True)
)
_CHOSEN = _DUE.where(inbox.c.event_id.in_(bindparam("ids", expanding=True))).with_for_update(skip_locked=True)
_SETTLE = (
    update(inbox)
    .where(inbox.c.event_id.in_(bindparam("ids", expanding=True)))
    .values(status="done", settled_at=bindparam("now"), fault=None)
)
_WAIT = (
    update(inbox)
    .where(inbox.c.event_id == bindparam("id"))
    .values(status="waiting", waits_for=bindparam("name"), waits_version=bindparam("needed"))
)
_READY = (
    select(inbox.c.event_id)
    .join(copies, copies.c.aggregate == inbox.c.waits_for)
    .where(
        inbox.c.status == "waiting",
        inbox.c.waits_for.in_(bindparam("brought", expanding=True)),
        inbox.c.waits_version <= copies.c.version,
    )
)
_RELEASE = (
    update(inbox)
    .where(inbox.c.event_id.in_(_READY))
    .values(status="due", waits_for=None, waits_version=None)
    .returning(inbox.c.event_id)
)
_log = structlog.get_logger(__name__)


class _Stopped(Exception):
    """A batch stopped at one event; the reason is the cause."""

    def __init__(self, event_id: str) -> None:
        super().__init__(event_id)
        self.event_id = event_id


async def run_due(db: Database, listener: Listener, now: datetime, limit: int = BATCH) -> int:
    """Work through what is due, at most `limit` events; return how many were taken up.

    When the batch fails, what stands before and after the bad event runs without it; the bad one is tried
    again later, alone.
    """
    return await _run(db, listener, now, _OLDEST, most=limit)


async def _run(
    db: Database, listener: Listener, now: datetime, claim: Select[*tuple[Any, ...]], **asked: Any
) -> int:
    claimed: Sequence[Row[*tuple[Any, ...]]] = ()
    try:
        async with db.write() as session:
            claimed = (await session.execute(claim, {"now": now, **asked})).all()
            if claimed:
                await _apply(session, listener, [_parse(row) for row in claimed], now)
            return len(claimed)
    except Exception as error:
        if not claimed:
            raise
        culprit, reason = _blame(error)
    if is_transient(reason):
        # Not the events' fault: they stay due. A pause of chance keeps two runners from colliding again.
        await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311 - no secret
        db.wake((TOPIC,))
    elif len(claimed) == 1:
        await _set_aside(db, claimed[0], reason, now)
    else:
        for part in _parts([row.event_id for row in claimed], culprit):
            await _run(db, listener, now, _CHOSEN, ids=part)
    return len(claimed)


def _parse(row: Row[*tuple[Any, ...]]) -> Event:
    try:
        return Event.from_wire(from_json(row.body))
    except Exception as error:
        raise _Stopped(row.event_id) from error


def _blame(error: Exception) -> tuple[str | None, BaseException]:
    if isinstance(error, _Stopped):
        return error.event_id, error.__cause__ or error
    return None, error


def _parts(event_ids: list[str], culprit: str | None) -> list[list[str]]:
    """Split a failed batch around the event it stopped at, or in halves when it only failed as a whole."""
    at, width = (event_ids.index(culprit), 1) if culprit in event_ids else (len(event_ids) // 2, 0)
    parts = [event_ids[:at], event_ids[at : at + width], event_ids[at + width :]]
    return [part for part in parts if part]


async def _apply(session: AsyncSession, listener: Listener, events: list[Event], now: datetime) -> None:
    states: dict[str, Event] = {}
    facts: list[tuple[Event, list[Need]]] = []
    for event in events:
        if not event.is_state:
            facts.append((event, [need for need in event.needs if listener.keeps(need[0])]))
        elif listener.keeps(event.subject):
            known = states.setdefault(event.subject, event)
            states[event.subject] = max(known, event, key=lambda state: state.version)
    versions = await lock_copies(session, states.keys() | {name for _, needs in facts for name, _ in needs})
    if listener.on_heard is not None and states:
        await listener.on_heard(session, [one for one in events if one.is_state and one.subject in states])
    newer = [state for name, state in sorted(states.items()) if state.version > versions[name]]
    if newer:
        await _bring(session, listener, newer)
        versions.update((state.subject, state.version) for state in newer)
        await _release(session, [state.subject for state in newer])
    waiting: dict[str, Need] = {}
    for fact, needs in facts:
        lacking = next((need for need in needs if versions[need[0]] < need[1]), None)
        if lacking is None:
            await _handle(session, listener, fact)
        else:
            waiting[fact.id] = lacking
    await _settle(session, [event.id for event in events if event.id not in waiting], now)
    await _wait(session, waiting)


async def _bring(session: AsyncSession, listener: Listener, states: Sequence[Event]) -> None:
    if listener.on_states is None:
        await bring(session, states)
        return
    before = await read_copies(session, [state.subject for state in states])
    await bring(session, states)
    await listener.on_states(session, [Brought(before.get(state.subject), state) for state in states])


async def _handle(session: AsyncSession, listener: Listener, fact: Event) -> None:
    handler = listener.handlers_by_type.get(fact.type)
    if handler is None:
        return
    try:
        await handler(session, fact)
        # Here, so that what the database refuses is blamed on the fact that asked for it.
        await session.flush()
    except Exception as error:
        raise _Stopped(fact.id) from error


async def _settle(session: AsyncSession, event_ids: Collection[str], now: datetime) -> None:
    if event_ids:
        await session.execute(_SETTLE, {"ids": event_ids, "now": now})


async def _wait(session: AsyncSession, waiting: dict[str, Need]) -> None:
    if waiting:
        needs = [{"id": event_id, "name": need[0], "needed": need[1]} for event_id, need in waiting.items()]
        await session.execute(_WAIT, needs)


async def _release(session: AsyncSession, brought: Collection[str]) -> None:
    """Turn due what waited for the versions that have just been brought."""
    if (await session.execute(_RELEASE, {"brought": brought})).first() is not None:
        notify(session, TOPIC)


async def _set_aside(db: Database, row: Row[*tuple[Any, ...]], reason: BaseException, now: datetime) -> None:
    """Let a failed event rest, longer each time; park it at the limit."""
    attempts = row.attempts + 1
    status = "parked" if attempts >= ATTEMPTS else "due"
    fault = describe(reason)
    async with db.write() as session:
        failed = update(inbox).where(inbox.c.event_id == row.event_id, inbox.c.status == "due")
        due_at = now + min(timedelta(seconds=2**attempts), LONGEST_PAUSE)
        settled_at = now if status == "parked" else None
        await session.execute(
            failed.values(attempts=attempts, status=status, fault=fault, due_at=due_at, settled_at=settled_at)
        )
    _log.warning("event failed", event_id=row.event_id, type=row.type, attempts=attempts, fault=fault)
