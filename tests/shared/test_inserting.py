"""Many rows at once, in and out: inserted whole or around what is there, and asked for by their keys."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, select, text

from shared.among import among
from shared.database import Database, Json
from shared.inserting import count_anew, insert_rows
from tests.support.databases import NewDatabase

MANY = 120
"""Enough for COPY."""

tables = MetaData()
things = Table(
    "things",
    tables,
    Column("name", String(40), primary_key=True),
    Column("document", Json),
    Column("kind", String(10), default="plain"),
)


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("plain", tables)


def rows(*numbers: int, said: str = "one") -> list[dict[str, Any]]:
    return [{"name": f"演练{number:03}", "document": {"said": said}, "kind": "x"} for number in numbers]


async def insert(db: Database, new: Sequence[dict[str, Any]], *, skip_existing: bool = False) -> bool:
    async with db.write() as session:
        return await insert_rows(session, things, new, skip_existing=skip_existing)


async def kept(db: Database) -> dict[str, str]:
    async with db.read() as session:
        found = await session.execute(select(things.c.name, things.c.document).order_by(things.c.name))
        return {name: document["said"] for name, document in found}


@pytest.mark.parametrize("count", [0, 1, MANY])
async def test_rows_that_are_all_new_are_all_there(db: Database, count: int):
    assert await insert(db, rows(*range(count)))
    assert list(await kept(db)) == [row["name"] for row in rows(*range(count))]


@pytest.mark.parametrize("count", [3, MANY])
async def test_what_is_there_stays_as_it_is_and_what_is_new_comes(db: Database, count: int):
    await insert(db, rows(1, said="before"))
    assert not await insert(db, rows(*range(count)), skip_existing=True)
    assert await kept(db) == {
        row["name"]: "before" if row in rows(1) else "one" for row in rows(*range(count))
    }


async def test_the_transaction_goes_on_after_rows_were_left_out(db: Database):
    await insert(db, rows(1))
    async with db.write() as session:
        await insert_rows(session, things, rows(500))
        assert not await insert_rows(session, things, rows(*range(MANY)), skip_existing=True)
        await insert_rows(session, things, rows(600))
    assert len(await kept(db)) == MANY + 2


async def test_only_of_a_copy_it_is_known_that_all_were_new(db: Database, dialect: str):
    known = await insert(db, rows(*range(MANY)), skip_existing=True)
    assert known == (dialect == "postgresql")
    assert len(await kept(db)) == MANY


async def test_a_row_that_lacks_a_default_of_ours_is_refused(db: Database):
    with pytest.raises(TypeError, match="kind"):
        await insert(db, [{"name": "a", "document": {}}])


@pytest.mark.parametrize("asked", [(), (1,), (1, 2, 2, 999), tuple(range(MANY))])
async def test_rows_are_found_by_their_keys_however_many_are_asked_for(db: Database, asked: tuple[int, ...]):
    await insert(db, rows(*range(MANY)))
    wanted = {f"演练{number:03}" for number in asked}
    async with db.read() as session:
        found = await session.scalars(select(things.c.name).where(among(session, things.c.name, wanted)))
        assert sorted(found) == sorted(wanted & {row["name"] for row in rows(*range(MANY))})


async def test_the_planner_learns_at_once_how_large_a_table_has_become(db: Database, dialect: str):
    await insert(db, rows(*range(MANY)))
    async with db.write() as session:
        await count_anew(session, things)
    if dialect == "postgresql":
        async with db.read() as session:
            counted = text("SELECT reltuples FROM pg_class WHERE relname = 'things'")
            assert await session.scalar(counted) == MANY
    assert len(await kept(db)) == MANY
