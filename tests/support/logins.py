"""Whether a server of the tests lets us in."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import aio_pika
import asyncpg
from aio_pika.exceptions import AMQPError

_LOGIN_SECONDS = 15


def lets_in(log_in: Callable[[str], Awaitable[bool]], url: str) -> bool:
    """Tell whether the server can be used: the one of a Debian package listens, but wants a password."""

    async def attempt() -> bool:
        try:
            async with asyncio.timeout(_LOGIN_SECONDS):
                return await log_in(url)
        except (OSError, AMQPError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    # A fixture may be asked for while a loop is running; a thread has none.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, attempt()).result()


async def log_in_to_postgres(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        mine = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        return bool(await connection.fetchval(mine))
    finally:
        await connection.close()


async def log_in_to_rabbitmq(url: str) -> bool:
    address = urlsplit(url)
    # Where nobody listens the client would say so aloud; this only raises.
    _, probe = await asyncio.open_connection(address.hostname, address.port)
    probe.close()
    connection = await aio_pika.connect(url)
    await connection.close()
    return True
