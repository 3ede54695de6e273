"""RabbitMQ: one durable topic exchange, one quorum queue per service, publisher confirms.

Every process declares the queues of all deployed services, so that none misses what was published before it
first came up. `<service>.dead` keeps only what is no event of ours; an event that fails stays in the inbox of
its service. What is for one service alone goes to its queue through the default exchange.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import structlog
from aio_pika import DeliveryMode, ExchangeType, Message, connect_robust
from aio_pika.abc import (
    AbstractChannel,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustConnection,
    Arguments,
)
from aio_pika.exceptions import CONNECTION_EXCEPTIONS, DeliveryError, PublishError

from shared import outbox
from shared.broker import NO_QUEUE, Keep
from shared.database import until
from shared.events.envelope import Event
from shared.events.listeners import types_heard_by
from shared.redacted import describe

IN_FLIGHT = 500
STORED_AT_ONCE = 200
PUBLISH_TIMEOUT = 30.0
PAUSE_AFTER_FAULT = 1.0

_log = structlog.get_logger(__name__)

_Arrived = asyncio.Queue[AbstractIncomingMessage | None]


class RabbitBroker:
    """The broker of the networked home. `prefix` keeps several systems on one server apart."""

    def __init__(self, url: str, deployed: frozenset[str], *, prefix: str = "") -> None:
        self.deployed = deployed
        self._url = url
        self._prefix = prefix
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._opening = asyncio.Lock()

    async def publish(self, messages: Sequence[outbox.Message]) -> Mapping[str, str]:
        channel, exchange = await self._publishing()
        refused: dict[str, str] = {}
        for start in range(0, len(messages), IN_FLIGHT):
            batch = messages[start : start + IN_FLIGHT]
            sent = []
            for message in batch:
                through, key = exchange, message.type
                if message.only_for is not None:
                    through, key = channel.default_exchange, f"{self._prefix}{message.only_for}"
                sent.append(through.publish(_wire(message), key, mandatory=True, timeout=PUBLISH_TIMEOUT))
            outcomes = await asyncio.gather(*sent, return_exceptions=True)
            for message, outcome in zip(batch, outcomes, strict=True):
                match outcome:
                    case PublishError():
                        refused[message.id] = NO_QUEUE
                    case DeliveryError():
                        refused[message.id] = "refused by the broker"
                    case BaseException():
                        raise outcome
        return refused

    async def consume(self, service: str, keep: Keep, stop: asyncio.Event) -> None:
        channel = await (await self._connected()).channel()
        try:
            await channel.set_qos(prefetch_count=IN_FLIGHT)
            _, queues = await self._declare(channel)
            arrived: _Arrived = asyncio.Queue()
            tag = await queues[service].consume(arrived.put)
            async with asyncio.TaskGroup() as group:
                group.create_task(_collect(arrived, keep, stop))
                await stop.wait()
                with suppress(*CONNECTION_EXCEPTIONS):
                    await queues[service].cancel(tag)
                await arrived.put(None)
        finally:
            with suppress(*CONNECTION_EXCEPTIONS):
                await channel.close()

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = self._channel = self._exchange = None

    async def _connected(self) -> AbstractRobustConnection:
        async with self._opening:
            if self._connection is None:
                self._connection = await connect_robust(self._url, reconnect_interval=1)
            return self._connection

    async def _publishing(self) -> tuple[AbstractChannel, AbstractExchange]:
        connection = await self._connected()
        async with self._opening:
            if self._channel is None or self._exchange is None:
                channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
                self._exchange, _ = await self._declare(channel)
                self._channel = channel
            return self._channel, self._exchange

    async def _declare(self, channel: AbstractChannel) -> tuple[AbstractExchange, dict[str, AbstractQueue]]:
        exchange = await channel.declare_exchange(f"{self._prefix}lingjun", ExchangeType.TOPIC, durable=True)
        queues: dict[str, AbstractQueue] = {}
        for service in sorted(self.deployed):
            name = f"{self._prefix}{service}"
            dead = f"{name}.dead"
            await channel.declare_queue(dead, durable=True, arguments={"x-queue-type": "quorum"})
            arguments: Arguments = {
                "x-queue-type": "quorum",
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": dead,
                # What is rejected leaves the queue only once it has reached the dead one.
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            }
            queues[service] = await channel.declare_queue(name, durable=True, arguments=arguments)
            for event_type in sorted(types_heard_by(service)):
                await queues[service].bind(exchange, event_type)
        return exchange, queues


def _wire(message: outbox.Message) -> Message:
    return Message(
        message.body.encode(),
        message_id=message.id,
        type=message.type,
        content_type="application/cloudevents+json",
        delivery_mode=DeliveryMode.PERSISTENT,
    )


async def _collect(arrived: _Arrived, keep: Keep, stop: asyncio.Event) -> None:
    """Store together what has arrived by the time the last batch is stored; acknowledge it at once."""
    last = False
    while not last:
        batch = [await arrived.get()]
        while len(batch) < STORED_AT_ONCE and not arrived.empty():
            batch.append(arrived.get_nowait())
        last = batch[-1] is None
        taken = [message for message in batch if message is not None]
        try:
            if taken:
                await _take(taken, keep, stop)
        except CONNECTION_EXCEPTIONS as error:
            # They come again over the next connection, and the inbox knows them.
            _log.warning("not acknowledged", messages=len(taken), fault=describe(error))


async def _take(batch: Sequence[AbstractIncomingMessage], keep: Keep, stop: asyncio.Event) -> None:
    events: list[outbox.Message] = []
    readable: list[AbstractIncomingMessage] = []
    for message in batch:
        try:
            events.append(_read(message.body))
            readable.append(message)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            _log.error("unreadable message", fault=describe(error))
            await message.reject(requeue=False)
    if not events:
        return
    while not await _kept(events, keep):
        await until(stop, PAUSE_AFTER_FAULT)
        if stop.is_set():
            return
    # The last that is still open: who was rejected cannot be acknowledged, and nobody before it would be.
    await readable[-1].ack(multiple=True)


async def _kept(events: Sequence[outbox.Message], keep: Keep) -> bool:
    try:
        await keep(events)
    except Exception as error:  # noqa: BLE001 - unacknowledged they are safe; the log says why they wait
        _log.warning("inbox not reached", messages=len(events), fault=describe(error))
        return False
    return True


def _read(body: bytes) -> outbox.Message:
    event = Event.from_wire(json.loads(body))
    if str(UUID(event.id)) != event.id or not (event.type.isascii() and event.type.isprintable()):
        raise ValueError("id or type of an event")
    return outbox.Message(event.id, event.type, body.decode())
