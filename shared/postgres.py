"""What PostgreSQL needs beside the pool: own connections for LISTEN and for a lock held across transactions.

Both belong to `shared/database.py`, which is the only one to use them. COPY goes past SQLAlchemy, so what
it raises has its name here (`shared/inserting.py`).
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar

import asyncpg
import structlog
from asyncpg import UniqueViolationError as UniqueViolation
from sqlalchemy import make_url

__all__ = ["Lease", "UniqueViolation", "Wakeups", "connect"]

_log = structlog.get_logger(__name__)


async def connect(url: str, name: str) -> Any:
    """Open a connection outside the pool."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(dsn, server_settings={"application_name": name})


class Wakeups:
    """Hears NOTIFY and calls `wake(topics)`; `wake(None)` once a lost connection is back."""

    CHANNEL: ClassVar[str] = "lingjun"

    def __init__(self, url: str, name: str, wake: Callable[[Iterable[str] | None], None]) -> None:
        self._url = url
        self._name = name
        self._wake = wake
        self._connection: Any = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        lost = await self._listen()
        self._keeper = asyncio.create_task(self._keep(lost), name=f"{self._name} wake-ups")

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        if self._connection is not None:
            await self._connection.close()

    async def _listen(self) -> asyncio.Event:
        lost = asyncio.Event()
        self._connection = await connect(self._url, f"{self._name} wake-ups")

        def ended(_connection: object) -> None:
            lost.set()

        self._connection.add_termination_listener(ended)
        await self._connection.add_listener(self.CHANNEL, self._heard)
        return lost

    def _heard(self, _connection: object, _process: int, _channel: str, topics: str) -> None:
        self._wake(topics.split())

    async def _keep(self, lost: asyncio.Event) -> None:
        while True:
            await lost.wait()
            _log.warning("wake-ups lost, connecting again", database=self._name)
            try:
                lost = await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(1)
            else:
                self._wake(None)


class Lease:
    """A lock held across transactions, on a connection of its own; a dead process lets go of it by itself."""

    def __init__(self, connection: Any, key: int) -> None:
        self._connection = connection
        self._key = key
        self._held = False

    @classmethod
    @asynccontextmanager
    async def of(cls, url: str, name: str, key: int) -> AsyncIterator["Lease"]:
        connection = await connect(url, f"{name} lease")
        try:
            yield cls(connection, key)
        finally:
            connection.terminate()

    async def held(self) -> bool:
        """Take the lock if nobody else has it; raise ConnectionError once it may have been lost."""
        if self._connection.is_closed():
            raise ConnectionError("the connection that held the lease is gone")
        if not self._held:
            self._held = bool(await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", self._key))
        return self._held
