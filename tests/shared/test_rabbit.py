"""RabbitMQ alone: acknowledged is stored, unreadable is set apart, a lost connection comes back."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aio_pika.exceptions import CONNECTION_EXCEPTIONS
from sqlalchemy.ext.asyncio import AsyncSession

from shared import worker
from shared.database import until
from shared.events.enrollment import CompletionConfirmed
from shared.events.envelope import Event
from shared.listener import Listener
from shared.outbox import Message, encode, record
from tests.support.databases import NewDatabase
from tests.support.events import (
    CERTIFICATION,
    class_need,
    class_state,
    completion,
    leave_trace,
    statuses,
    traces,
    traces_of,
)
from tests.support.queues import Queues, rabbit

pytestmark = pytest.mark.rabbitmq

SERVICE = "certification"


@pytest.fixture
async def queues(amqp_url: str) -> AsyncIterator[Queues]:
    async with rabbit(amqp_url, frozenset({"enrollment", SERVICE})) as own:
        yield own


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Inbox:
    """Stands for an inbox; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.kept: list[str] = []
        self.changed = asyncio.Event()

    async def keep(self, messages: Sequence[Message]) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.kept += [message.id for message in messages]
        self.changed.set()

    async def until(self, number: int) -> None:
        async with asyncio.timeout(20):
            while len(self.kept) < number:
                self.changed.clear()
                await until(self.changed, 1)


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b'{"specversion": "1.0"}',
        b"\xff\xfe",
        b"[" * 100_000,
        encode(completion()).body.replace('"id":"', '"id":"not-a-uuid-').encode(),
        encode(completion()).body.replace('"type":"', '"type":"\\u0000').encode(),
    ],
    ids=["no json", "a list", "no event", "no text", "too deep", "strange id", "strange type"],
)
async def test_an_unreadable_message_goes_to_the_dead_queue_and_holds_nobody_up(queues: Queues, body: bytes):
    good, inbox, stop = encode(completion()), Inbox(), asyncio.Event()
    await queues.broker.publish([good])
    await queues.put(SERVICE, body)
    await queues.broker.publish([encode(completion())])
    async with asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, inbox.keep, stop))
        await inbox.until(2)
        stop.set()
    async with asyncio.timeout(10):
        while await queues.length(f"{SERVICE}.dead") < 1:
            await until(asyncio.Event(), 0.05)
    assert await queues.length(SERVICE) == 0


async def test_an_unreadable_message_at_the_end_of_a_batch_leaves_the_others_acknowledged(queues: Queues):
    opener, event = encode(completion()), encode(completion())
    inbox, stop, opened, filled = Inbox(), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def keep(batch: Sequence[Message]) -> None:
        opened.set()
        await filled.wait()  # so that all that follows the opener is one batch
        await inbox.keep(batch)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, keep, stop))
        await queues.broker.publish([opener])
        await opened.wait()
        await queues.broker.publish([event])
        for body in (b"no json", b"no json either"):
            await queues.put(SERVICE, body)
        while await queues.length(SERVICE):
            await until(stop, 0.05)
        filled.set()
        await inbox.until(2)
        stop.set()
    async with asyncio.timeout(10):
        while await queues.length(f"{SERVICE}.dead") < 2:
            await until(asyncio.Event(), 0.05)
    assert inbox.kept == [opener.id, event.id]
    assert await queues.length(SERVICE) == 0


async def test_what_could_not_be_stored_is_not_acknowledged(queues: Queues):
    stop, messages = asyncio.Event(), [encode(completion()) for _ in range(3)]
    failing, failed = Inbox(failures=1_000_000), asyncio.Event()

    async def fail(batch: Sequence[Message]) -> None:
        failed.set()
        await failing.keep(batch)

    await queues.broker.publish(messages)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, fail, stop))
        await failed.wait()
        stop.set()
    inbox, stop = Inbox(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, inbox.keep, stop))
        await inbox.until(3)
        stop.set()
    assert sorted(inbox.kept) == sorted(message.id for message in messages)


async def test_a_store_that_fails_for_a_while_is_tried_again(queues: Queues):
    stop, inbox, message = asyncio.Event(), Inbox(failures=1), encode(completion())
    await queues.broker.publish([message])
    async with asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, inbox.keep, stop))
        await inbox.until(1)
        stop.set()
    assert inbox.kept == [message.id]
    assert await queues.length(SERVICE) == 0


async def test_events_flow_again_after_a_lost_connection(queues: Queues):
    stop, inbox = asyncio.Event(), Inbox()
    async with asyncio.timeout(40), asyncio.TaskGroup() as group:
        group.create_task(queues.broker.consume(SERVICE, inbox.keep, stop))
        await queues.broker.publish([encode(completion())])
        await inbox.until(1)
        queues.wire.cut()
        while True:
            try:
                await queues.broker.publish([encode(completion())])
                break
            except CONNECTION_EXCEPTIONS:
                # as the relay does: nothing is marked, and it is tried again
                await until(asyncio.Event(), 0.1)
        await inbox.until(2)
        stop.set()


async def test_workers_carry_an_event_over_the_wire(queues: Queues, new_database: NewDatabase):
    sender, receiver = await new_database("enrollment"), await new_database(SERVICE, traces)
    stop, handled = asyncio.Event(), asyncio.Event()

    async def handle(session: AsyncSession, event: Event) -> None:
        await leave_trace(session, event)
        handled.set()

    listener = Listener(SERVICE, CERTIFICATION.states, {CompletionConfirmed: handle})
    said = [completion(class_need("a")), class_state("a")]
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(worker.run(receiver, queues.broker, listener, stop=stop))
        nothing = Listener("enrollment", frozenset(), {})
        group.create_task(worker.run(sender, queues.broker, nothing, stop=stop))
        async with sender.write() as session:
            await record(session, *said)
        await handled.wait()
        stop.set()
    assert await traces_of(receiver) == [said[0].id]
    assert await statuses(receiver) == {"done": 2}
