"""Throwaway databases: a file of SQLite, or a database of its own on the PostgreSQL server."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import MetaData, make_url, text

from shared.database import Database

NewUrl = Callable[[str], Awaitable[str]]
"""Makes an empty database of this name and gives its address."""

NewDatabase = Callable[..., Awaitable[Database]]
"""`await new_database("registry", Row.metadata)`: a database with these tables and the plumbing's."""


_spare: dict[str, list[str]] = defaultdict(list)
"""By server, the empty databases that no test uses: to drop one and make another costs a checkpoint."""


@asynccontextmanager
async def fresh_urls(folder: Path, server: str | None) -> AsyncIterator[NewUrl]:
    """Lend empty databases of the server, or new files in the folder when there is none."""
    async with AsyncExitStack() as stack:

        async def new_url(name: str) -> str:
            if server is None:
                return f"sqlite+aiosqlite:///{folder / f'{name}.db'}"
            if not _spare[server]:
                made = f"lingjun_test_{uuid4().hex[:16]}"
                await _execute(server, f"CREATE DATABASE {made}")
                _spare[server].append(made)
            database = _spare[server].pop()
            stack.push_async_callback(_give_back, server, database)
            address = make_url(server).set(drivername="postgresql+asyncpg", database=database)
            return address.render_as_string(hide_password=False)

        yield new_url


async def drop_spare(server: str) -> None:
    """Remove the databases that were made on the server."""
    while _spare[server]:
        await _execute(server, f"DROP DATABASE IF EXISTS {_spare[server].pop()} WITH (FORCE)")


async def _give_back(server: str, database: str) -> None:
    within = make_url(server).set(database=database).render_as_string(hide_password=False)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    await _execute(
        within, f"{others} AND pid <> pg_backend_pid(); DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    )
    _spare[server].append(database)


@asynccontextmanager
async def fresh_databases(new_url: NewUrl) -> AsyncIterator[NewDatabase]:
    """Make databases that already have their tables; close them in the end."""
    async with AsyncExitStack() as stack:

        async def new_database(name: str = "plain", *metadata: MetaData) -> Database:
            db = Database(await new_url(name), name=name)
            stack.push_async_callback(db.close)
            await db.create_all(*metadata)
            return db

        yield new_database


async def until_somebody_waits(db: Database) -> None:
    """Return once a transaction waits for another; on SQLite, where writers queue in the process, at once."""
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    waiting = text(f"{sessions} AND wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while db.dialect == "postgresql":
            async with db.read() as session:
                if await session.scalar(waiting):
                    return


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
