"""SQLite's thread: it is asked only for what may wait, and nobody holds up the others for long."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, text
from sqlalchemy.exc import DBAPIError

from shared import sqlite
from shared.database import BigId, Database
from tests.support.databases import NewDatabase

ADD = text("INSERT INTO lines (number) VALUES (NULL)")
ASK = text("SELECT count(*) FROM lines")
tables = MetaData()
Table("lines", tables, Column("number", BigId, primary_key=True))


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("plain", tables)


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note what connections give to their threads; openings are not told."""
    seen: list[str] = []
    ask = sqlite._Connection.in_thread

    def noted(self: Any, work: Any, *given: Any) -> Any:
        if work.__name__ == "_run":
            seen.append(given[1])
        return ask(self, work, *given)

    monkeypatch.setattr(sqlite._Connection, "in_thread", noted)
    return seen


async def test_only_the_statement_that_takes_the_write_lock_goes_to_the_thread(db: Database, hops: list[str]):
    async with db.read() as session:
        for _ in range(3):
            await session.execute(ASK)
    assert hops == []
    async with db.write() as session:  # the first connection is asked what it is
        await session.execute(ASK)
    hops.clear()
    async with db.write() as session:
        for _ in range(3):
            await session.execute(ADD)
    assert hops == [ADD.text]


async def test_who_waits_for_the_write_lock_of_another_process_holds_nobody_up(db: Database, tmp_path: Path):
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'plain.db'}", name="other")
    began = asyncio.Event()

    async def write() -> None:
        began.set()
        async with db.write() as session:
            await session.execute(ADD)

    async with asyncio.timeout(4), asyncio.TaskGroup() as group, other.write() as session:
        await session.execute(ADD)
        group.create_task(write())
        await began.wait()
        async with db.read() as reading:
            assert await reading.scalar(ASK) == 0
    await other.close()


async def test_a_thousand_statements_in_a_row_let_others_go_on(db: Database):
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    async with db.read() as session:
        await session.execute(ASK)
        ticking = asyncio.create_task(tick())
        await asyncio.sleep(0)
        before = ticks
        for _ in range(1000):
            await session.execute(ASK)
        assert ticks > before + 5
    ticking.cancel()


async def test_what_sqlite_refuses_is_an_error_of_the_database_wherever_it_ran(db: Database):
    for door in (db.read, db.write):
        with pytest.raises(DBAPIError, match="no such table"):
            async with door() as session:
                await session.execute(text("SELECT 1 FROM nowhere"))
