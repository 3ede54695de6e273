"""Republishing: an owner states what it has again, and one consumer alone hears it.

The owner is a table of classes, each row an aggregate with a version; both listeners keep copies of classes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, String, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import republish as subject
from shared.broker import Broker, InProcessBroker
from shared.copies import bring, copies, get_copies, lock_copies
from shared.database import Database, until
from shared.events.envelope import Event
from shared.events.registry import ClassState
from shared.inbox import TOPIC, inbox, store
from shared.listener import Listener
from shared.outbox import Message, outbox, record
from shared.relay import relay_due
from shared.republish import acquaint, next_rows, republish
from shared.runner import run_due
from shared.worker import drain
from tests.support.databases import NewDatabase, until_somebody_waits
from tests.support.events import NOW, class_state
from tests.support.queues import rabbit


class Row(DeclarativeBase):
    metadata = MetaData()


class Taught(Row):
    __tablename__ = "taught"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int]


async def restate(session: AsyncSession, after: str, _at: datetime) -> Sequence[Event]:
    return [class_state(row.id, row.version) for row in await next_rows(session, Taught, Taught.id, after)]


RESTATED = {ClassState.RESOURCE: restate}
OWNER = Listener("registry", frozenset(), {})
ENROLLMENT = Listener("enrollment", frozenset({ClassState.RESOURCE}), {})
CERTIFICATION = Listener("certification", frozenset({ClassState.RESOURCE}), {})


class Home:
    """An owner and two services that keep copies of its classes."""

    def __init__(self, owner: Database, consumer: Database, bystander: Database) -> None:
        self.owner, self.consumer, self.bystander = owner, consumer, bystander
        self.databases = {"registry": owner, "enrollment": consumer, "certification": bystander}
        self.broker = InProcessBroker(self.databases)

    async def drain(self) -> None:
        listeners = {self.owner: OWNER, self.consumer: ENROLLMENT, self.bystander: CERTIFICATION}
        await drain(self.broker, listeners)

    async def change(self, *class_ids: str) -> None:
        """Count the classes one version on, or begin them, and say so to everybody."""
        async with self.owner.write() as session:
            for class_id in class_ids:
                row = await session.get(Taught, class_id)
                if row is None:
                    row = Taught(id=class_id, version=0)
                    session.add(row)
                row.version += 1
                await record(session, class_state(class_id, row.version))

    async def ask_again(self) -> dict[str, int]:
        return await republish(self.owner, RESTATED, "enrollment")


@pytest.fixture
async def home(new_database: NewDatabase) -> Home:
    owner = await new_database("registry", Row.metadata)
    return Home(owner, await new_database("enrollment"), await new_database("certification"))


async def versions(db: Database) -> dict[str, int]:
    """List what the copies hold, by class."""
    async with db.read() as session:
        found = await get_copies(session, ClassState.RESOURCE, ("a", "b", "c", "d", "e"))
    return {class_id: copy.version for class_id, copy in sorted(found.items())}


async def forget(db: Database) -> None:
    async with db.write() as session:
        await session.execute(delete(copies))


async def heard(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(inbox)) or 0


async def test_a_lost_copy_is_rebuilt_and_nobody_else_hears_of_it(home: Home):
    await home.change("a", "b")
    await home.change("b")
    await home.drain()
    before = await heard(home.bystander)
    await forget(home.consumer)
    assert await home.ask_again() == {ClassState.RESOURCE: 2}
    await home.drain()
    assert await versions(home.consumer) == {"a": 1, "b": 2}
    assert await heard(home.bystander) == before


async def test_a_copy_that_waits_as_a_placeholder_is_filled(home: Home):
    await home.change("a")
    async with home.consumer.write() as session:
        await lock_copies(session, ["registry.class/a"])
    async with home.owner.write() as session:
        await session.execute(delete(outbox))
    await home.ask_again()
    await home.drain()
    assert await versions(home.consumer) == {"a": 1}


async def test_what_is_known_already_is_not_changed_by_saying_it_again(home: Home):
    await home.change("a")
    await home.drain()
    async with home.consumer.write() as session:  # a trace that would be overwritten
        await session.execute(update(copies).values(revision=77))
    for _ in range(2):
        await home.ask_again()
        await home.drain()
    async with home.consumer.read() as session:
        assert list(await session.scalars(select(copies.c.revision))) == [77]


async def test_a_newer_change_in_flight_wins_whichever_arrives_first(home: Home):
    await home.change("a", "b")
    async with home.owner.write() as session:
        await session.execute(delete(outbox))
    await home.ask_again()
    await home.change("a", "b")
    async with home.consumer.write() as session:  # of b the newer one is there before the older is told
        await lock_copies(session, ["registry.class/b"])
        await bring(session, [class_state("b", 2)])
    await home.drain()
    assert await versions(home.consumer) == {"a": 2, "b": 2}


async def test_much_is_told_in_chunks_each_in_a_transaction_of_its_own(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(subject, "CHUNK", 2)
    await home.change("a", "b", "c", "d")
    calls: list[str] = []

    async def noted(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
        calls.append(after)
        return await restate(session, after, at)

    assert await republish(home.owner, {ClassState.RESOURCE: noted}, "enrollment") == {ClassState.RESOURCE: 4}
    assert calls == ["", "b", "d"]


async def test_a_crash_between_two_chunks_is_made_up_for_by_asking_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(subject, "CHUNK", 1)
    await home.change("a", "b")
    async with home.owner.write() as session:
        await session.execute(delete(outbox))

    class Crash(BaseException):
        """The process ends here."""

    async def crashing(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
        if after:
            raise Crash
        return await restate(session, after, at)

    with pytest.raises(Crash):
        await republish(home.owner, {ClassState.RESOURCE: crashing}, "enrollment")
    await home.ask_again()
    await home.drain()
    assert await versions(home.consumer) == {"a": 1, "b": 1}


async def test_who_does_not_hear_a_resource_is_not_told_it(home: Home):
    await home.change("a")
    assert await republish(home.owner, RESTATED, "registry") == {}


async def test_a_service_without_one_copy_is_acquainted_and_others_are_left_alone(home: Home):
    await home.change("a")
    await home.drain()
    await forget(home.consumer)
    restated = {"registry": RESTATED}
    await acquaint(home.databases, restated)
    await acquaint(home.databases, restated)  # killed before anything was relayed, and begun again
    async with home.owner.read() as session:
        told = select(outbox.c.only_for).where(outbox.c.only_for.is_not(None))
        assert list(await session.scalars(told)) == ["enrollment", "enrollment"]
    await home.drain()
    assert await versions(home.consumer) == {"a": 1}
    assert await versions(home.bystander) == {"a": 1}


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_a_change_under_way_is_waited_for_and_told_as_it_ended(home: Home):
    await home.change("a")
    async with home.owner.write() as session:
        await session.execute(update(Taught).values(version=2))
        asked = asyncio.create_task(home.ask_again())
        await until_somebody_waits(home.owner)
        assert not asked.done()
    await asked
    async with home.owner.read() as session:
        (body,) = await session.scalars(select(outbox.c.body).where(outbox.c.only_for == "enrollment"))
    assert '"aggregateversion":2' in body


@pytest.mark.rabbitmq
async def test_it_travels_through_rabbitmq_to_the_one_consumer(home: Home, amqp_url: str):
    await home.change("a", "b")
    await home.drain()
    await forget(home.consumer)
    await home.ask_again()
    before = await heard(home.bystander)
    async with rabbit(amqp_url, frozenset({"enrollment", "certification"})) as queues:
        await relay_due(home.owner, queues.broker, NOW)
        assert await queues.length("certification") == 0
        async with _consuming(home.consumer, queues.broker):
            await _arrived(home.consumer, 2)
    while await run_due(home.consumer, ENROLLMENT, datetime.now(UTC)):
        pass
    assert await versions(home.consumer) == {"a": 1, "b": 1}
    assert await heard(home.bystander) == before


@asynccontextmanager
async def _consuming(db: Database, broker: Broker) -> AsyncIterator[None]:
    stop = asyncio.Event()

    async def keep(messages: Sequence[Message]) -> None:
        await store(db, messages, datetime.now(UTC))

    async with asyncio.TaskGroup() as group:
        group.create_task(broker.consume("enrollment", keep, stop))
        yield
        stop.set()


async def _arrived(db: Database, number: int) -> None:
    due = select(func.count()).select_from(inbox).where(inbox.c.status == "due")
    with db.waker(TOPIC) as woken:
        async with asyncio.timeout(20):
            while True:
                async with db.read() as session:
                    if await session.scalar(due) == number:
                        return
                await until(woken, 0.2)
