"""Events for tests of the plumbing: real contracts, invented content, a handler that leaves a trace."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Column, MetaData, String, Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.events.enrollment import CompletionConfirmed
from shared.events.envelope import Event, Need, aggregate, fact, state
from shared.events.registry import ClassState
from shared.ids import new_id
from shared.inbox import inbox, store
from shared.listener import Listener
from shared.outbox import encode
from shared.runner import run_due

NOW = datetime(2023, 5, 4, 8, 30, tzinfo=UTC)

traces = MetaData()
effects = Table("effects", traces, Column("event_id", String(36), nullable=False))
"""One row for each time a handler ran and was committed; deliberately without a key."""


def class_state(class_id: str, version: int = 1, title: str = "演练班") -> Event:
    body = ClassState(
        id=class_id,
        cycle_id="programme.one",
        kind="director",
        arrangement="direct",
        title_zh=title,
        status="approved",
        lead_id="lead",
        institution_ids=["lead"],
        place_department_id="place",
        starts_on=date(2023, 5, 1),
        ends_on=date(2023, 6, 1),
        capacity=60,
    )
    return state(body, version=version, at=NOW)


def completion(*needs: Need) -> Event:
    body = CompletionConfirmed(completion_id=new_id(), class_id=new_id(), rows=[])
    subject = aggregate("enrollment.completion", body.completion_id)
    return fact(body, subject=subject, at=NOW, needs=needs)


def class_need(class_id: str, version: int = 1) -> Need:
    return aggregate(ClassState.RESOURCE, class_id), version


async def leave_trace(session: AsyncSession, event: Event) -> None:
    await session.execute(insert(effects).values(event_id=event.id))


CERTIFICATION = Listener(
    "certification", frozenset({ClassState.RESOURCE}), {CompletionConfirmed: leave_trace}
)


async def deliver(db: Database, events: Sequence[Event], now: datetime = NOW) -> None:
    await store(db, [encode(event) for event in events], now)


async def settle(db: Database, listener: Listener = CERTIFICATION, now: datetime = NOW) -> None:
    """Run until nothing is due at this instant."""
    while await run_due(db, listener, now):
        pass


async def traces_of(db: Database) -> list[str]:
    async with db.read() as session:
        return list(await session.scalars(select(effects.c.event_id).order_by(effects.c.event_id)))


async def statuses(db: Database) -> dict[str, int]:
    """Count the rows of the inbox by status."""
    async with db.read() as session:
        counted = select(inbox.c.status, func.count().label("number")).group_by(inbox.c.status)
        return {row.status: row.number for row in await session.execute(counted)}
