"""SQLite and PostgreSQL behind one door: `Database(url, name=...)` with `write()` and `read()`.

Whatever differs between the two homes stands here and in the two brokers. A transaction that called
`notify(session, topic)` wakes, once it is committed, whoever holds a `waker` of that topic; a wake-up may
be lost (a lost connection), so whoever waits also polls slowly.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import JSON, BigInteger, Dialect, Integer, MetaData, TypeDecorator, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import TypeEngine
from typing_extensions import override

from shared.postgres import Lease, Wakeups
from shared.sqlite import Driver, roll_back_what_is_given_up

__all__ = [
    "NAMING",
    "TYPES",
    "BigId",
    "Database",
    "Instant",
    "Json",
    "is_transient",
    "notify",
    "plumbing",
    "until",
    "upsert",
]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

plumbing = MetaData(naming_convention=NAMING)
"""The tables that every service has: outbox, inbox, copies, idempotency keys."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on both; only INTEGER makes SQLite number the rows of a primary key."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware point in time, kept as integer microseconds since 1970: SQLite has no type with a zone."""

    impl = BigInteger
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs a time zone")
        return (value - _EPOCH) // _MICROSECOND

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Json(TypeDecorator[Any]):
    """A JSON document; None is SQL's NULL. Replace it, never change it in place."""

    impl = JSON
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        document = JSONB(none_as_null=True) if dialect.name == "postgresql" else JSON(none_as_null=True)
        return dialect.type_descriptor(document)


TYPES: dict[Any, Any] = {
    datetime: Instant,
    # fen and minutes outgrow 32 bits, which only one of the two databases would notice
    int: BigId,
    dict: Json,
    list: Json,
    dict[str, Any]: Json,
    dict[str, str]: Json,
    dict[str, int]: Json,
    list[Any]: Json,
    list[str]: Json,
    list[int]: Json,
    list[dict[str, Any]]: Json,
}
"""Which column type an annotation of a table row stands for; SQLAlchemy's own for all else."""

_TRANSIENT = frozenset({"40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03"})
"""SQLSTATEs of serialization failures, deadlocks, locks not had in time and servers full or going down."""


BURST_SECONDS = 0.025
"""Between two looks for work of an embedded home, one process for all: what a burst says goes together.

On PostgreSQL nobody pauses: two such pauses were half of the way from commit to handled.
"""


def is_transient(error: BaseException) -> bool:
    """Tell whether the same transaction may well succeed when it is tried again."""
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    busy = "database is locked" in str(error.orig)
    return error.connection_invalidated or busy or state in _TRANSIENT or state.startswith("08")


def notify(session: AsyncSession, topic: str) -> None:
    """Wake, after the commit, whoever waits for the topic in any process of this service."""
    session.info.setdefault("topics", set()).add(topic)


async def until(woken: asyncio.Event, seconds: float) -> None:
    """Wait for a wake-up, at most so many seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


class Database:
    """One service's database.

    `name` is what the server's list of connections shows. `enforce_references=False` is for migrations
    alone: SQLite changes a table by making it anew, which foreign keys would take for a deletion.
    """

    def __init__(self, url: str, *, name: str, pool_size: int = 10, enforce_references: bool = True) -> None:
        self.url = url
        self.name = name
        self.dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
        self.pause = BURST_SECONDS if self.dialect == "sqlite" else 0.0
        self._wakers: dict[asyncio.Event, frozenset[str]] = {}
        self._wakeups: Wakeups | None = None
        self._closing: set[asyncio.Task[None]] = set()
        if self.dialect == "sqlite":
            pragmas = {"busy_timeout": 5000, "journal_mode": "WAL", "synchronous": "FULL"}
            references = {"foreign_keys": int(enforce_references)}
            self._writer = _sqlite(url, 1, "BEGIN IMMEDIATE", {**pragmas, **references})
            self._reader = _sqlite(url, 4, "BEGIN", {"busy_timeout": 5000, "query_only": 1})
            self._alone: asyncio.Lock | None = asyncio.Lock()
        else:
            settings = {"server_settings": {"application_name": name}}
            self._writer = _engine(url, pool_size, connect_args=settings)
            self._reader = self._writer.execution_options(postgresql_readonly=True)
            self._alone = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that commits at the end of the block, or rolls back when it raises."""
        async with (
            self._alone or nullcontext(),
            self._session(self._writer) as session,
            session.begin(),
        ):
            yield session
            await session.flush()
            topics = frozenset[str](session.info.get("topics", ()))
            if topics and self.dialect == "postgresql":
                notice = {"channel": Wakeups.CHANNEL, "topics": " ".join(sorted(topics))}
                await session.execute(text("SELECT pg_notify(:channel, :topics)"), notice)
        if topics and self._wakeups is None:
            self.wake(topics)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Open a transaction that the database itself keeps from writing."""
        async with self._session(self._reader) as session:
            yield session

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        """Lend a session; one whose user is cancelled goes on closing by itself, and `close` waits for it."""
        session = AsyncSession(engine, expire_on_commit=False)
        try:
            yield session
        finally:
            closing = asyncio.create_task(session.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    async def start(self) -> None:
        """Hear the wake-ups of other processes; needs a running server on PostgreSQL."""
        if self.dialect == "postgresql" and self._wakeups is None:
            wakeups = Wakeups(self.url, self.name, self.wake)
            await wakeups.start()
            self._wakeups = wakeups

    async def close(self) -> None:
        if self._wakeups is not None:
            await self._wakeups.close()
            self._wakeups = None
        if self._closing:  # a connection must not go while its session still speaks with it
            await asyncio.wait(self._closing)
        await self._writer.dispose()
        if self.dialect == "sqlite":
            await self._reader.dispose()

    @contextmanager
    def waker(self, *topics: str) -> Iterator[asyncio.Event]:
        """Lend an event that is set at each wake-up of one of the topics; clear it *before* looking."""
        woken = asyncio.Event()
        self._wakers[woken] = frozenset(topics)
        try:
            yield woken
        finally:
            del self._wakers[woken]

    def wake(self, topics: Iterable[str] | None = None) -> None:
        """Wake who waits in this process for one of the topics; None wakes everybody."""
        for woken, wanted in self._wakers.items():
            if topics is None or not wanted.isdisjoint(topics):
                woken.set()

    @staticmethod
    async def exclusive(session: AsyncSession, name: str) -> None:
        """Wait until nobody else holds `name`, and hold it to the end of this transaction."""
        # A writing transaction of SQLite is alone already.
        if session.get_bind().dialect.name == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(name)})

    @staticmethod
    async def try_exclusive(session: AsyncSession, name: str) -> bool:
        """Hold `name` to the end of this transaction, or say False because somebody else does."""
        if session.get_bind().dialect.name != "postgresql":
            return True
        held = await session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": lock_key(name)})
        return bool(held)

    @asynccontextmanager
    async def lease(self, name: str) -> AsyncIterator[Lease | None]:
        """Lend a lock between processes that outlives transactions; None on SQLite, which has one process."""
        if self.dialect == "sqlite":
            yield None
            return
        async with Lease.of(self.url, self.name, lock_key(name)) as lease:
            yield lease

    async def create_all(self, *metadata: MetaData) -> None:
        """Make the tables of the plumbing and of `metadata` without migrations, for tests."""
        async with self.write() as session:
            connection = await session.connection()
            for tables in (plumbing, *metadata):
                await connection.run_sync(tables.create_all)


def lock_key(name: str) -> int:
    """Derive the 64-bit key of an advisory lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _engine(url: str, pool_size: int, **options: Any) -> AsyncEngine:
    # An error of the database quotes its parameters, which may be personal data, unless they are hidden.
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        # Several times as fast as the standard library's; packs are read and written whole.
        json_serializer=_write_json,
        json_deserializer=from_json,
        hide_parameters=True,
        **options,
    )


def _write_json(document: object) -> str:
    return to_json(document).decode()


def _sqlite(url: str, pool_size: int, begin: str, pragmas: Mapping[str, int | str]) -> AsyncEngine:
    engine = _engine(url, pool_size, module=Driver(begin, pragmas))
    roll_back_what_is_given_up(engine)
    return engine
