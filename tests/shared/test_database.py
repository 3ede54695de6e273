"""Both databases behind their one door: exact types, read-only reads, wake-ups, locks between processes."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import BigId, Database, Instant, Json, notify, until, upsert
from tests.support.databases import NewDatabase

tables = MetaData()
things = Table(
    "things",
    tables,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("at", Instant),
    Column("document", Json),
)


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("plain", tables)


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2255, 6, 5, 23, 47, 34, 740_993, tzinfo=UTC),  # a float of seconds loses the last digit
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2023, 5, 4, 16, 30, 0, 1, tzinfo=timezone(timedelta(hours=8))),
    ],
)
async def test_an_instant_comes_back_to_the_microsecond(db: Database, instant: datetime):
    async with db.write() as session:
        await session.execute(insert(things).values(at=instant))
    async with db.read() as session:
        kept = await session.scalar(select(things.c.at))
    assert kept == instant
    assert kept.tzinfo is UTC


async def test_an_instant_without_a_zone_is_refused(db: Database):
    with pytest.raises(StatementError, match="needs a time zone"):
        async with db.write() as session:
            await session.execute(insert(things).values(at=datetime(2023, 5, 4)))  # noqa: DTZ001 - the point


async def test_a_document_comes_back_and_none_is_null(db: Database):
    document = {"名称": "演练班", "parts": [1, None, True], "quote": "'\"\\"}
    async with db.write() as session:
        await session.execute(insert(things), [{"document": document}, {"document": None}])
    async with db.read() as session:
        kept = await session.scalars(select(things.c.document).order_by(things.c.number))
        assert list(kept) == [document, None]
        assert await session.scalar(select(things.c.number).where(things.c.document.is_(None))) == 2


async def test_a_document_is_stored_as_it_reads(db: Database):
    async with db.write() as session:
        await session.execute(insert(things).values(document={"名称": "演练班"}))
    async with db.read() as session:
        assert "演练班" in str(await session.scalar(text("SELECT CAST(document AS TEXT) FROM things")))


async def test_a_reader_cannot_write(db: Database):
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with db.read() as session:
            await session.execute(insert(things).values(document={}))


async def test_what_raises_leaves_nothing(db: Database):
    async def fail() -> None:
        async with db.write() as session:
            await session.execute(insert(things).values(document={}))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    async with db.read() as session:
        assert (await session.scalars(select(things.c.number))).all() == []


async def test_an_error_does_not_quote_what_it_was_given(db: Database):
    with pytest.raises(DBAPIError) as raised:
        async with db.write() as session:
            await session.execute(insert(things), [{"number": 1, "document": "secret"}] * 2)
    assert "secret" not in str(raised.value)


async def test_upsert_leaves_or_replaces_a_row(db: Database):
    async with db.write() as session:
        await session.execute(insert(things).values(number=1, document="old"))
        await session.execute(upsert(things).values(number=1, document="left").on_conflict_do_nothing())
        assert await session.scalar(select(things.c.document)) == "old"
        newer = upsert(things).values(number=1, document="new")
        replaced = {"document": newer.excluded.document}
        await session.execute(newer.on_conflict_do_update(index_elements=["number"], set_=replaced))
        assert await session.scalar(select(things.c.document)) == "new"


async def test_a_commit_wakes_who_waits_for_its_topic_and_nobody_else(db: Database):
    await db.start()
    with db.waker("news") as woken, db.waker("weather") as other:
        async with db.write() as session:
            notify(session, "news")
            assert not woken.is_set()
        await until(woken, 5)
        assert woken.is_set()
        assert not other.is_set()


async def test_a_rollback_wakes_nobody(db: Database):
    async def fail() -> None:
        async with db.write() as session:
            notify(session, "rolled back")
            raise KeyError

    await db.start()
    with db.waker("rolled back") as woken, db.waker("committed") as later:
        with pytest.raises(KeyError):
            await fail()
        async with db.write() as session:
            notify(session, "committed")
        await until(later, 5)
        assert later.is_set()
        assert not woken.is_set()


async def test_many_writers_take_turns(db: Database):
    async def add(number: int) -> None:
        async with db.write() as session:
            await session.execute(insert(things).values(document=number))

    await asyncio.gather(*(add(number) for number in range(30)))
    async with db.read() as session:
        assert sorted(await session.scalars(select(things.c.number))) == list(range(1, 31))


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
class TestOnPostgres:
    async def test_another_process_is_woken(self, db: Database):
        other = Database(db.url, name="other")
        await other.start()
        try:
            with other.waker("news") as woken:
                async with db.write() as session:
                    notify(session, "news")
                await until(woken, 5)
                assert woken.is_set()
        finally:
            await other.close()

    async def test_a_lost_connection_wakes_everybody_once_it_is_back(self, db: Database):
        await db.start()
        with db.waker("news") as woken:
            async with db.write() as session:
                lost = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"
                await session.execute(text(lost), {"name": "plain wake-ups"})
            await until(woken, 10)
            assert woken.is_set()
            woken.clear()
            async with db.write() as session:
                notify(session, "news")
            await until(woken, 5)
            assert woken.is_set()

    async def test_what_one_transaction_holds_another_cannot_have(self, db: Database):
        async with db.write() as first, db.write() as second:
            assert await db.try_exclusive(first, "series")
            assert not await db.try_exclusive(second, "series")
            assert await db.try_exclusive(second, "other series")
        async with db.write() as third:
            await db.exclusive(third, "series")

    async def test_a_lease_goes_over_when_its_holder_ends(self, db: Database):
        async with db.lease("relay") as second:
            async with db.lease("relay") as first:
                assert first is not None
                assert second is not None
                assert await first.held()
                assert not await second.held()
                assert await first.held()
            with db.waker() as never:
                for _ in range(100):
                    if await second.held():
                        break
                    await until(never, 0.05)
            assert await second.held()


async def test_a_database_closes_after_the_sessions_whose_users_are_gone(
    db: Database, monkeypatch: pytest.MonkeyPatch
):
    """Whoever is cancelled again while its session closes goes, and leaves that to itself."""
    at_it, may_close = asyncio.Event(), asyncio.Event()
    close_now = AsyncSession.close

    async def close(session: AsyncSession) -> None:
        await may_close.wait()
        await close_now(session)

    async def read() -> None:
        async with db.read() as session:
            await session.execute(select(things))
            at_it.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(AsyncSession, "close", close)
    reading = asyncio.create_task(read())
    await at_it.wait()
    for _ in range(2):
        reading.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await reading
    closing = asyncio.create_task(db.close())
    await asyncio.wait([closing], timeout=0.05)
    assert not closing.done()
    may_close.set()
    await closing
