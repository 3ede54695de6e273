"""Throwaway databases: a file of SQLite, or a database of its own on the PostgreSQL server."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import MetaData, make_url, text

from shared.database import Database, plumbing

NewUrl = Callable[[str], Awaitable[str]]
"""Makes an empty database of this name and gives its address."""

NewDatabase = Callable[..., Awaitable[Database]]
"""`await new_database("registry", Row.metadata)`: a database with these tables and the plumbing's."""


Tables = tuple[MetaData, ...]

_spare: dict[tuple[str, Tables], list[str]] = defaultdict(list)
"""By server and tables, the databases that no test uses: making tables takes longer than most tests."""
_files: dict[Tables, bytes] = {}
"""By tables, a file of SQLite that has them."""
_shapes: dict[str, object] = {}
"""By database, what was in it beside rows when its tables had been made."""

_SHAPE = """
SELECT array[
    (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped),
    (SELECT count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE relnamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
]
"""
_HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# Neither triggers nor foreign keys are asked, so the order does not matter and closed rows go, too.
_WIPE = """
SET session_replication_role = replica;
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT format('%I', relname) AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    LOOP EXECUTE 'DELETE FROM ' || one.name; END LOOP;
    FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    LOOP PERFORM setval(one.oid::regclass, 1, false); END LOOP;
END $$
"""
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


@asynccontextmanager
async def fresh_urls(folder: Path, server: str | None) -> AsyncIterator[NewUrl]:
    """Lend empty databases of the server, or new files in the folder when there is none."""
    async with AsyncExitStack() as stack:

        async def new_url(name: str) -> str:
            return await _lend(stack, folder, server, name, ())

        yield new_url


@asynccontextmanager
async def fresh_databases(folder: Path, server: str | None) -> AsyncIterator[NewDatabase]:
    """Lend databases that already have their tables, and no rows; close them in the end."""
    async with AsyncExitStack() as stack:

        async def new_database(name: str = "plain", *metadata: MetaData) -> Database:
            db = Database(await _lend(stack, folder, server, name, (plumbing, *metadata)), name=name)
            stack.push_async_callback(db.close)
            return db

        yield new_database


async def drop_spare(server: str) -> None:
    """Remove the databases that were made on the server."""
    for (where, _), databases in _spare.items():
        while where == server and databases:
            await _execute(server, f"DROP DATABASE IF EXISTS {databases.pop()} WITH (FORCE)")


async def _lend(stack: AsyncExitStack, folder: Path, server: str | None, name: str, tables: Tables) -> str:
    """Lend a database with these tables (none: an empty one) until the stack is unwound."""
    if server is None:
        url = f"sqlite+aiosqlite:///{folder / f'{name}.db'}"
        if tables:
            if tables not in _files:
                await _fill(url, tables)
                _files[tables] = (folder / f"{name}.db").read_bytes()
            (folder / f"{name}.db").write_bytes(_files[tables])
        return url
    if not _spare[server, tables]:
        _spare[server, tables].append(await _make(server, tables))
    database = _spare[server, tables].pop()
    stack.push_async_callback(_give_back, server, database, tables)
    return _url(server, database)


async def _make(server: str, tables: Tables) -> str:
    database = f"lingjun_test_{uuid4().hex[:16]}"
    await _execute(server, f"CREATE DATABASE {database}")
    if tables:
        await _fill(_url(server, database), tables)
        async with _within(server, database) as connection:
            _shapes[database] = await connection.fetchval(_SHAPE)
    return database


async def _fill(url: str, tables: Tables) -> None:
    db = Database(url, name="tables")
    try:
        await db.create_all(*tables)
    finally:
        await db.close()


async def _give_back(server: str, database: str, tables: Tables) -> None:
    """Take the rows out; of a database whose tables a test has changed, the tables too."""
    async with _within(server, database) as connection:
        await connection.execute(_HANG_UP)
        whole = bool(tables) and await connection.fetchval(_SHAPE) == _shapes[database]
        await connection.execute(_WIPE if whole else _EMPTY)
    _spare[server, tables if whole else ()].append(database)


def _url(server: str, database: str) -> str:
    address = make_url(server).set(drivername="postgresql+asyncpg", database=database)
    return address.render_as_string(hide_password=False)


async def until_somebody_waits(db: Database) -> None:
    """Return once a transaction waits for another; on SQLite, where writers queue in the process, at once."""
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    waiting = text(f"{sessions} AND wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while db.dialect == "postgresql":
            async with db.read() as session:
                if await session.scalar(waiting):
                    return


@asynccontextmanager
async def _within(server: str, database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(make_url(server).set(database=database).render_as_string(False))
    try:
        yield connection
    finally:
        await connection.close()


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
