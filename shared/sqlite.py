"""SQLite under SQLAlchemy: what may wait goes to the connection's thread, what cannot runs where it is asked.

Taking the write lock and committing wait for others and for the disk. Every other statement is answered from
memory or a page cache, in less time than the hop to a thread and back costs; SQLAlchemy's own way takes four.
Now and then one gives way all the same: a thousand statements in a row must not hold up everybody else.
A transaction begins with its first statement, in the same hop: the driver by itself would begin one only at
the first write, and none at all before a SELECT.
"""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_dbapi
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_only
from typing_extensions import override

GIVES_WAY_AFTER_SECONDS = 0.005


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine` takes as `module`: `begin` opens a transaction, `pragmas` a connection."""

    def __init__(self, begin: str, pragmas: Mapping[str, int | str]) -> None:
        super().__init__(aiosqlite, sqlite3)
        self.begin = begin
        self._pragmas = [f"PRAGMA {pragma}={value}" for pragma, value in pragmas.items()]

    @override
    def connect(self, *args: Any, **options: Any) -> "_Connection":
        adapted = super().connect(*args, **options, isolation_level=None)
        connection = _Connection(self, adapted.driver_connection)
        try:
            connection.in_thread(_prepare, self._pragmas)
        except BaseException:
            connection.terminate()
            raise
        return connection


class _Cursor:
    """All rows of one statement, fetched where it ran."""

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    def execute(self, statement: str, parameters: Any = ()) -> None:
        self._run(statement, parameters, many=False)

    def executemany(self, statement: str, parameters: Any) -> None:
        self._run(statement, parameters, many=True)

    def _run(self, statement: str, parameters: Any, *, many: bool) -> None:
        answer = self._connection.run(statement, parameters or (), many=many)
        self.description, self.rowcount, self.lastrowid, rows = answer
        self._rows = deque(rows)

    def __iter__(self) -> Iterator[Any]:
        while self._rows:
            yield self._rows.popleft()

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Have nothing to close: the thread closed its cursor when it had the rows."""


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ("_gives_way_at", "begin")

    _cursor_cls: Any = _Cursor

    def __init__(self, driver: Driver, connection: Any) -> None:
        super().__init__(driver, connection)
        self.begin = driver.begin
        self._gives_way_at = 0.0

    def in_thread(self, work: Callable[..., Any], *given: Any) -> Any:
        """Do this work, which gets the driver's connection, where the connection lives."""
        try:
            return await_only(self._connection._execute(work, self._connection._conn, *given))  # noqa: SLF001 - as SQLAlchemy's adapter does
        except Exception as error:  # noqa: BLE001 - it becomes what SQLAlchemy knows
            self._handle_exception(error)

    def run(self, statement: str, parameters: Any, *, many: bool) -> Any:
        """Run one statement, in a transaction; only one that takes the write lock goes to the thread."""
        plain = self._connection._connection  # noqa: SLF001 - None once it is closed
        if plain is None or (self.begin != "BEGIN" and not plain.in_transaction):
            return self.in_thread(_run, self.begin, statement, parameters, many)
        if time.monotonic() > self._gives_way_at:
            await_only(asyncio.sleep(0))
            self._gives_way_at = time.monotonic() + GIVES_WAY_AFTER_SECONDS
        try:
            return _run(plain, self.begin, statement, parameters, many)
        except Exception as error:  # noqa: BLE001 - it becomes what SQLAlchemy knows
            self._handle_exception(error)

    @override
    def rollback(self) -> None:
        """End the transaction; the pool asks it of every connection that comes back, mostly for nothing."""
        plain = self._connection._connection  # noqa: SLF001 - None once it is closed
        if plain is not None and plain.in_transaction:
            super().rollback()

    def abandon(self) -> None:
        """End the transaction that a statement still running may have begun."""
        super().rollback()


def roll_back_what_is_given_up(engine: AsyncEngine) -> None:
    """End the transaction of a connection that a cancelled statement costs, or its lock outlives it."""

    def invalidated(connection: Any, _record: object, _error: object) -> None:
        with suppress(Exception):
            connection.abandon()

    event.listen(engine.sync_engine, "invalidate", invalidated)


def _prepare(connection: sqlite3.Connection, pragmas: list[str]) -> None:
    for pragma in pragmas:
        connection.execute(pragma).close()


def _run(connection: sqlite3.Connection, begin: str, statement: str, parameters: Any, many: bool) -> Any:
    if not connection.in_transaction:
        connection.execute(begin)
    cursor = connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(statement, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()
