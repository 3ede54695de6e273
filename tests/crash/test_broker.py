"""RabbitMQ itself dies: what it confirmed is kept, and consumers hear again without being started anew."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from shared.database import until
from shared.outbox import Message, encode
from shared.rabbit import RabbitBroker
from tests.support import servers
from tests.support.events import completion
from tests.support.own_servers import OwnRabbit
from tests.support.queues import until_consumers

pytestmark = [pytest.mark.rabbitmq, pytest.mark.crash]

SERVICE = "certification"


@pytest.fixture
def rabbit() -> Iterator[OwnRabbit]:
    with servers.own_rabbitmq() as started:
        if started is None:
            servers.missing("RabbitMQ")
        yield started


async def publish_for_sure(broker: RabbitBroker, messages: Sequence[Message]) -> None:
    """Publish as the relay does: what was not confirmed is said again."""
    left = list(messages)
    while left:
        try:
            refused = await broker.publish(left)
        except (*CONNECTION_EXCEPTIONS, TimeoutError):
            await until(asyncio.Event(), 0.2)
        else:
            left = [message for message in left if message.id in refused]


async def test_what_a_broker_confirmed_outlives_it_and_both_workers_hear_it_again(rabbit: OwnRabbit):
    kept: set[str] = set()
    stop = asyncio.Event()
    sender, *receivers = (RabbitBroker(rabbit.url, frozenset({SERVICE})) for _ in range(3))
    said = [encode(completion()) for _ in range(600)]

    async def keep(messages: Sequence[Message]) -> None:
        await asyncio.sleep(0.05)  # so that some are on their way whenever the broker ends
        kept.update(message.id for message in messages)

    async with asyncio.timeout(180), asyncio.TaskGroup() as group:
        for receiver in receivers:
            group.create_task(receiver.consume(SERVICE, keep, stop))
        await publish_for_sure(sender, said[:200])
        # Politely first: a quorum queue that is killed in its first second may never find its leader again.
        for end, part in ((rabbit.stop, said[200:400]), (rabbit.kill, said[400:])):
            ending = asyncio.create_task(asyncio.to_thread(end))
            telling = group.create_task(publish_for_sure(sender, part))
            await ending
            await asyncio.to_thread(rabbit.start)
            await telling
            await until_consumers(rabbit.url, SERVICE, 2)
        while len(kept) < len(said):
            await until(stop, 0.1)
        stop.set()
    for broker in (sender, *receivers):
        await broker.close()
    assert kept == {message.id for message in said}
