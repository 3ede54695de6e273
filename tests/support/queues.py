"""Queues of one test on a RabbitMQ server that it may share with others."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from yarl import URL

from shared.rabbit import RabbitBroker


class Wire:
    """A stretch of wire before the server that can be cut; it is whole again for the next connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._ends: set[asyncio.StreamWriter] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        self._ends |= {writer, far_writer}
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._ends -= {writer, far_writer}

    def cut(self) -> None:
        for end in self._ends:
            end.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()


@dataclass
class Queues:
    """A broker with names of its own, and a connection beside it for looking and for mischief."""

    broker: RabbitBroker
    prefix: str
    channel: AbstractChannel
    wire: Wire

    async def delete(self, service: str) -> None:
        await _delete(self.channel, f"{self.prefix}{service}")

    async def put(self, service: str, body: bytes) -> None:
        """Put raw bytes into a service's queue."""
        message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await self.channel.default_exchange.publish(message, f"{self.prefix}{service}")

    async def length(self, queue: str) -> int:
        """Count the messages that are ready in a queue."""
        declared = await self.channel.declare_queue(f"{self.prefix}{queue}", passive=True)
        return declared.declaration_result.message_count or 0


@asynccontextmanager
async def rabbit(url: str, deployed: frozenset[str]) -> AsyncIterator[Queues]:
    """Make a broker whose queues are this test's own, and remove them in the end."""
    prefix = f"test-{uuid4().hex[:12]}-"
    address = URL(url)
    wire = Wire(address.host or "127.0.0.1", address.port or 5672)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    near = address.with_host("127.0.0.1").with_port(server.sockets[0].getsockname()[1])
    broker = RabbitBroker(str(near), deployed, prefix=prefix)
    connection: AbstractConnection = await aio_pika.connect(url)
    try:
        queues = Queues(broker, prefix, await connection.channel(), wire)
        yield queues
    finally:
        await broker.close()
        await connection.close()
        server.close()
        wire.cut()
        await remove_queues(url, deployed, prefix)


async def until_consumers(url: str, queue: str, number: int) -> None:
    """Return once so many consumers listen to the queue; raise TimeoutError when they never do."""
    connection: AbstractConnection = await aio_pika.connect(url)
    async with asyncio.timeout(60), connection:
        channel = await connection.channel()
        while True:
            declared = await channel.declare_queue(queue, passive=True)
            if declared.declaration_result.consumer_count == number:
                return
            await asyncio.sleep(0.1)


async def remove_queues(url: str, services: Iterable[str], prefix: str) -> None:
    """Remove what brokers with this prefix declared, with all that is in it."""
    connection: AbstractConnection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        for service in services:
            for name in (f"{prefix}{service}", f"{prefix}{service}.dead"):
                await _delete(channel, name)
        await channel.exchange_delete(f"{prefix}lingjun")


async def _delete(channel: AbstractChannel, queue: str) -> None:
    # Neither if_unused nor if_empty: a quorum queue knows neither.
    await channel.queue_delete(queue, if_unused=False, if_empty=False)
