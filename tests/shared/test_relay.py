"""The relay: what was committed is published, nothing is forgotten, and nobody is held up."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs
from typing_extensions import override

from shared import worker
from shared.broker import NO_QUEUE, InProcessBroker, Keep
from shared.database import Database, until
from shared.events.envelope import Event
from shared.listener import Listener
from shared.outbox import Message, outbox, record
from shared.relay import RETRY_AFTER, relay, relay_due
from tests.support.databases import NewDatabase
from tests.support.events import (
    CERTIFICATION,
    NOW,
    class_state,
    completion,
    settle,
    statuses,
    traces,
    traces_of,
)

BOTH = frozenset({"enrollment", "certification"})
SENDER = Listener("enrollment", frozenset(), {})


class Recording(InProcessBroker):
    """A broker that remembers what it was given, and refuses or raises when told to."""

    def __init__(
        self, deployed: frozenset[str] = BOTH, *, refuse: Sequence[Event] = (), fail: bool = False
    ) -> None:
        super().__init__({}, deployed)
        self.published: list[str] = []
        self.receivers: list[frozenset[str]] = []
        self.refuse = {event.id for event in refuse}
        self.fail = fail

    @override
    async def publish(self, messages: Sequence[Message]) -> Mapping[str, str]:
        self.published += [message.id for message in messages]
        self.receivers += [message.receivers for message in messages]
        if self.fail:
            raise ConnectionError
        return {message.id: NO_QUEUE for message in messages if message.id in self.refuse}


@pytest.fixture
async def sender(new_database: NewDatabase) -> Database:
    return await new_database("enrollment")


@pytest.fixture
async def receiver(new_database: NewDatabase) -> Database:
    return await new_database("certification", traces)


@pytest.fixture
async def broker(sender: Database, receiver: Database) -> InProcessBroker:
    return InProcessBroker({"enrollment": sender, "certification": receiver})


async def say(db: Database, *events: Event) -> None:
    async with db.write() as session:
        await record(session, *events)


async def unrelayed(db: Database) -> int:
    async with db.read() as session:
        rows = select(func.count()).where(outbox.c.relayed_at.is_(None))
        return await session.scalar(rows.select_from(outbox)) or 0


async def test_what_was_said_is_published_once_in_order(sender: Database):
    said = [completion() for _ in range(5)]
    await say(sender, *said)
    recording = Recording()
    assert await relay_due(sender, recording, NOW, limit=3) == 3
    assert await relay_due(sender, recording, NOW, limit=3) == 2
    assert await relay_due(sender, recording, NOW, limit=3) == 0
    assert recording.published == [event.id for event in said]


async def test_a_crash_between_publishing_and_marking_leads_to_one_effect(
    sender: Database, receiver: Database, broker: InProcessBroker
):
    said = [completion() for _ in range(5)]
    await say(sender, *said)

    class Crash(BaseException):
        """The process ends here."""

    class Crashing(InProcessBroker):
        @override
        async def publish(self, messages: Sequence[Message]) -> Mapping[str, str]:
            await super().publish(messages)
            raise Crash

    with pytest.raises(Crash):
        await relay_due(sender, Crashing(broker.databases), NOW)
    await settle(receiver, now=datetime.now(UTC))
    assert await unrelayed(sender) == 5
    await relay_due(sender, broker, NOW)
    await settle(receiver, now=datetime.now(UTC))
    assert await unrelayed(sender) == 0
    assert await traces_of(receiver) == sorted(event.id for event in said)


async def test_a_broker_that_is_away_marks_nothing(sender: Database):
    await say(sender, completion())
    with pytest.raises(ConnectionError):
        await relay_due(sender, Recording(fail=True), NOW)
    assert await unrelayed(sender) == 1


async def test_an_event_without_a_queue_stays_is_reported_and_holds_nobody_up(sender: Database):
    stuck, *others = (completion() for _ in range(4))
    await say(sender, stuck, *others)
    recording = Recording(refuse=[stuck])
    with capture_logs() as logs:
        assert await relay_due(sender, recording, NOW, limit=2) == 2
        assert await relay_due(sender, recording, NOW, limit=2) == 2
        assert await relay_due(sender, recording, NOW, limit=2) == 0
    assert [(log["event_id"], log["fault"], log["log_level"]) for log in logs] == [
        (stuck.id, NO_QUEUE, "error")
    ]
    assert await unrelayed(sender) == 1
    assert await relay_due(sender, Recording(), NOW + RETRY_AFTER) == 1
    assert await unrelayed(sender) == 0


async def test_a_deployed_listener_without_an_inbox_keeps_the_event_here(sender: Database):
    broker = InProcessBroker({"enrollment": sender}, deployed=BOTH)
    await say(sender, completion(), class_state("a"))
    await relay_due(sender, broker, NOW)
    assert await unrelayed(sender) == 2
    assert await statuses(sender) == {"due": 1}


async def test_an_event_that_nobody_deployed_hears_is_marked_unpublished(sender: Database):
    recording = Recording(frozenset({"registry"}))
    await say(sender, completion())
    await relay_due(sender, recording, NOW)
    assert recording.published == []
    assert await unrelayed(sender) == 0


async def test_what_is_for_one_service_is_given_to_the_broker_for_that_one(sender: Database):
    recording = Recording()
    async with sender.write() as session:
        await record(session, class_state("a"), only_for="certification")
    await relay_due(sender, recording, NOW)
    assert recording.receivers == [{"certification"}]
    assert await unrelayed(sender) == 0


@pytest.mark.parametrize(("service", "taken_up"), [("evaluation", 1), ("registry", 0)])
async def test_what_is_for_a_service_that_is_not_deployed_or_does_not_listen_is_kept_as_relayed(
    sender: Database, service: str, taken_up: int
):
    recording = Recording()
    async with sender.write() as session:
        await record(session, class_state("a"), only_for=service)
    assert await relay_due(sender, recording, NOW) == taken_up
    assert recording.published == []
    assert await unrelayed(sender) == 0


async def test_no_transaction_is_open_while_it_publishes(sender: Database, receiver: Database):
    class Answering(Recording):
        @override
        async def publish(self, messages: Sequence[Message]) -> Mapping[str, str]:
            # On SQLite this would wait for ever for a writer that the relay still held.
            async with asyncio.timeout(5), sender.write() as session:
                await record(session, class_state("a"))
            return await super().publish(messages)

    await say(sender, completion())
    await relay_due(sender, Answering(), NOW)
    assert await unrelayed(sender) == 1


async def test_workers_carry_an_event_from_commit_to_its_handler_and_stop_when_told(
    sender: Database, receiver: Database, broker: InProcessBroker
):
    stop, handled = asyncio.Event(), asyncio.Event()

    async def note(*_: object) -> None:
        handled.set()

    listener = Listener("certification", frozenset(), dict.fromkeys(CERTIFICATION.handlers, note))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(worker.run(sender, broker, SENDER, stop=stop))
        group.create_task(worker.run(receiver, broker, listener, stop=stop))
        await say(sender, completion())
        await handled.wait()
        stop.set()
    assert await unrelayed(sender) == 0
    assert await statuses(receiver) == {"done": 1}


async def test_draining_moves_everything_that_is_due(
    sender: Database, receiver: Database, broker: InProcessBroker
):
    await say(sender, *(completion() for _ in range(3)), class_state("a"))
    # the state goes to both services, the facts to one
    assert await worker.drain(broker, {sender: SENDER, receiver: CERTIFICATION}) == 5
    assert len(await traces_of(receiver)) == 3


async def test_a_job_that_fails_is_started_again(sender: Database, receiver: Database):
    stop = asyncio.Event()

    class Flaky(Recording):
        @override
        async def consume(self, service: str, keep: Keep, stop: asyncio.Event) -> None:
            self.published.append(service)
            if len(self.published) == 1:
                raise ConnectionError
            stop.set()
            await super().consume(service, keep, stop)

    flaky = Flaky()
    async with asyncio.timeout(10):
        await worker.run(sender, flaky, SENDER, stop=stop)
    assert flaky.published == ["enrollment", "enrollment"]


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
async def test_one_relay_of_a_service_publishes_and_another_takes_over(sender: Database):
    said = [completion() for _ in range(2)]
    first, second = Recording(), Recording()
    stop_first, stop_second = asyncio.Event(), asyncio.Event()
    await sender.start()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        leading = group.create_task(relay(sender, first, stop_first))
        with sender.waker("outbox") as woken:
            await say(sender, said[0])
            while await unrelayed(sender):
                await until(woken, 0.05)
            group.create_task(relay(sender, second, stop_second))
            stop_first.set()
            sender.wake()
            await leading
            await say(sender, said[1])
            while await unrelayed(sender):
                await until(woken, 0.05)
        stop_second.set()
        sender.wake()
    assert first.published == [said[0].id]
    assert second.published == [said[1].id]
