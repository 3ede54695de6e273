"""Throwaway databases: a file of SQLite, or a database of its own on the PostgreSQL server."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import MetaData, make_url

from shared.database import Database

NewUrl = Callable[[str], Awaitable[str]]
"""Makes an empty database of this name and gives its address."""

NewDatabase = Callable[..., Awaitable[Database]]
"""`await new_database("registry", Row.metadata)`: a database with these tables and the plumbing's."""


@asynccontextmanager
async def fresh_urls(folder: Path, server: str | None) -> AsyncIterator[NewUrl]:
    """Make databases on the server, or files in the folder when there is none; remove them in the end."""
    async with AsyncExitStack() as stack:

        async def new_url(name: str) -> str:
            if server is None:
                return f"sqlite+aiosqlite:///{folder / f'{name}.db'}"
            database = f"lingjun_test_{name}_{uuid4().hex[:12]}"
            await _execute(server, f"CREATE DATABASE {database}")
            stack.push_async_callback(_execute, server, f"DROP DATABASE {database} WITH (FORCE)")
            address = make_url(server).set(drivername="postgresql+asyncpg", database=database)
            return address.render_as_string(hide_password=False)

        yield new_url


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


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
