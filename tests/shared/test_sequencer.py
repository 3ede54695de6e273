"""Rows that commit in any order are numbered in one: contiguous, and never behind a reader's back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.sequencer import number, sequence_columns
from tests.support.databases import NewDatabase
from tests.support.interruption import interrupt

ordered = MetaData()
entries = Table("entries", ordered, *sequence_columns("entries"), Column("name", String, nullable=False))
notes = Table("notes", ordered, Column("name", String, nullable=False))


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("ordered", ordered)


async def add(session: AsyncSession, *names: str) -> None:
    await session.execute(insert(entries), [{"name": name} for name in names])


async def commit(db: Database, *names: str) -> None:
    async with db.write() as session:
        await add(session, *names)


async def numbered(db: Database, after: int = 0) -> list[tuple[int, str]]:
    """Read as a reader of the order does: what has a number above the last one read."""
    seen = select(entries.c.number, entries.c.name).where(entries.c.number > after)
    async with db.read() as session:
        return [(row.number, row.name) for row in await session.execute(seen.order_by(entries.c.number))]


async def number_all(db: Database, batch: int = 1000) -> int:
    total = 0
    while given := await number(db, entries, batch=batch):
        total += given
    return total


async def test_rows_are_numbered_from_one_in_the_order_of_their_insertion(db: Database):
    await commit(db, "a", "b")
    await commit(db, "c")
    assert await number_all(db, batch=2) == 3
    assert await numbered(db) == [(1, "a"), (2, "b"), (3, "c")]
    assert await number_all(db) == 0


async def test_who_reads_before_the_numbering_reads_nothing(db: Database):
    await commit(db, "a")
    assert await numbered(db) == []


@asynccontextmanager
async def uncommitted(db: Database, name: str) -> AsyncIterator[AsyncSession]:
    """Insert a row in a transaction that stays open while the block runs."""
    async with db.write() as session:
        await add(session, name)
        await session.flush()
        yield session


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_what_commits_late_comes_after_what_was_read_already(db: Database, dialect: str):
    async with uncommitted(db, "begun first"):
        await commit(db, "committed first")
        await number_all(db)
        read = await numbered(db)
    assert read == [(1, "committed first")]
    await number_all(db)
    assert await numbered(db, after=1) == [(2, "begun first")]


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)])
async def test_two_do_not_number_at_once(db: Database, dialect: str):
    await commit(db, "a")
    async with db.write() as session:
        await db.exclusive(session, "sequence of entries")
        assert await number(db, entries) == 0
    assert await number(db, entries) == 1


async def test_what_is_done_with_the_numbers_commits_with_them_or_not_at_all(db: Database):
    async def note(session: AsyncSession, first: int, last: int) -> None:
        await session.execute(insert(notes).values(name=f"{first}-{last}"))

    async def fail(session: AsyncSession, first: int, last: int) -> None:
        raise RuntimeError

    await commit(db, "a", "b", "c")
    with pytest.raises(RuntimeError):
        await number(db, entries, then=fail)
    assert await numbered(db) == []
    assert [await number(db, entries, then=note, batch=2) for _ in range(3)] == [2, 1, 0]
    async with db.read() as session:
        assert list(await session.scalars(select(notes.c.name))) == ["1-2", "3-3"]


async def test_numbering_that_is_cut_short_anywhere_leaves_no_gap(db: Database):
    step, cut = 0, True
    while cut:
        step += 1
        await commit(db, f"row {step}")
        cut = await interrupt(number(db, entries), step)
    await number_all(db)
    read = await numbered(db)
    assert step > 3
    assert [place for place, _ in read] == list(range(1, step + 1))


async def test_readers_beside_many_writers_and_two_numberers_never_see_a_gap(db: Database):
    """Each writer notes the last number that it saw: its own row must come later."""
    writers, rows = 8, 12
    done = asyncio.Event()
    floors: dict[str, int] = {}

    async def write(writer: int) -> None:
        for place in range(rows):
            name = f"{writer}/{place}"
            read = await numbered(db)
            floors[name] = len(read)
            await commit(db, name)

    async def keep_numbering() -> None:
        while not done.is_set() or await number(db, entries, batch=5):
            await number(db, entries, batch=5)

    async def keep_reading() -> list[str]:
        seen: list[str] = []
        while True:
            ended = done.is_set()
            fresh = await numbered(db, after=len(seen))
            assert [place for place, _ in fresh] == list(range(len(seen) + 1, len(seen) + len(fresh) + 1))
            seen += [name for _, name in fresh]
            if ended and len(seen) == writers * rows:
                return seen

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(keep_numbering())
        readers = [group.create_task(keep_reading()) for _ in range(2)]
        await asyncio.gather(*(write(writer) for writer in range(writers)))
        done.set()
    first, second = (reader.result() for reader in readers)
    assert first == second
    assert len(set(first)) == writers * rows
    assert all(first.index(name) >= floor for name, floor in floors.items())
