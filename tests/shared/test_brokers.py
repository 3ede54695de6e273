"""What every broker promises, asked of both: the one in the process and RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from shared.broker import NO_QUEUE, Broker, InProcessBroker
from shared.database import Database, until
from shared.inbox import TOPIC, store
from shared.outbox import Message, encode
from tests.support.databases import NewDatabase
from tests.support.events import class_state, completion, statuses
from tests.support.queues import rabbit

DEPLOYED = frozenset({"enrollment", "certification"})


@dataclass
class Home:
    """A broker with the inboxes of the two services that run."""

    broker: Broker
    inboxes: dict[str, Database]
    lose_queue: Callable[[str], Awaitable[None]]
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def consume(self, service: str) -> None:
        async def keep(messages: Sequence[Message]) -> None:
            await store(self.inboxes[service], messages, datetime.now(UTC))

        await self.broker.consume(service, keep, self.stop)

    async def arrived(self, service: str, number: int) -> None:
        """Wait until so many events lie in the inbox."""
        db = self.inboxes[service]
        with db.waker(TOPIC) as woken:
            async with asyncio.timeout(20):
                while (await statuses(db)).get("due", 0) < number:
                    await until(woken, 0.2)


@pytest.fixture(params=["in process", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
async def home(new_database: NewDatabase, request: pytest.FixtureRequest) -> AsyncIterator[Home]:
    inboxes = {service: await new_database(service) for service in sorted(DEPLOYED)}
    if request.param == "in process":
        embedded = InProcessBroker(inboxes)

        async def forget(service: str) -> None:
            del embedded.databases[service]

        yield Home(embedded, inboxes, forget)
    else:
        async with rabbit(request.getfixturevalue("amqp_url"), DEPLOYED) as queues:
            yield Home(queues.broker, inboxes, queues.delete)


@pytest.fixture(params=["sqlite"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Inboxes of one kind are enough: the brokers do not know which it is."""
    return str(request.param)


async def test_an_event_reaches_every_listener_and_nobody_else(home: Home):
    async with asyncio.TaskGroup() as group:
        for service in DEPLOYED:
            group.create_task(home.consume(service))
        # both hear the state, one hears the fact
        assert await home.broker.publish([encode(class_state("a")), encode(completion())]) == {}
        await home.arrived("certification", 2)
        await home.arrived("enrollment", 1)
        home.stop.set()
    assert await statuses(home.inboxes["enrollment"]) == {"due": 1}


async def test_what_is_published_before_the_listener_came_up_is_not_lost(home: Home):
    assert await home.broker.publish([encode(completion()) for _ in range(3)]) == {}
    async with asyncio.TaskGroup() as group:
        group.create_task(home.consume("certification"))
        await home.arrived("certification", 3)
        home.stop.set()


async def test_an_event_published_twice_lies_in_the_inbox_once(home: Home):
    message, last = encode(completion()), encode(completion())
    async with asyncio.TaskGroup() as group:
        group.create_task(home.consume("certification"))
        for batch in ([message], [message], [last]):
            await home.broker.publish(batch)
        await home.arrived("certification", 2)
        home.stop.set()
    assert await statuses(home.inboxes["certification"]) == {"due": 2}


async def test_an_event_for_one_service_reaches_that_one_alone(home: Home):
    async with asyncio.TaskGroup() as group:
        for service in DEPLOYED:
            group.create_task(home.consume(service))
        told = [encode(class_state(one)) for one in ("a", "b")]
        assert await home.broker.publish([replace(one, only_for="enrollment") for one in told]) == {}
        # what everybody hears comes last: by then the others would have arrived as well
        assert await home.broker.publish([encode(class_state("c"))]) == {}
        await home.arrived("enrollment", 3)
        await home.arrived("certification", 1)
        home.stop.set()
    assert await statuses(home.inboxes["certification"]) == {"due": 1}


async def test_an_event_for_a_service_that_has_no_queue_is_refused(home: Home):
    await home.broker.publish([encode(completion())])
    await home.lose_queue("enrollment")
    lost, other = (replace(encode(class_state(one)), only_for="enrollment") for one in ("a", "b"))
    assert await home.broker.publish([lost, other]) == {lost.id: NO_QUEUE, other.id: NO_QUEUE}


async def test_a_thousand_events_arrive(home: Home):
    async with asyncio.TaskGroup() as group:
        group.create_task(home.consume("certification"))
        assert await home.broker.publish([encode(completion()) for _ in range(1000)]) == {}
        await home.arrived("certification", 1000)
        home.stop.set()


async def test_an_event_without_a_queue_is_refused_and_the_others_are_not(home: Home):
    await home.broker.publish([encode(completion())])
    await home.lose_queue("certification")
    stuck, other = encode(completion()), encode(class_state("a"))
    refused = await home.broker.publish([stuck, other])
    assert refused[stuck.id] == NO_QUEUE
    async with asyncio.TaskGroup() as group:
        group.create_task(home.consume("enrollment"))
        await home.arrived("enrollment", 1)
        home.stop.set()
