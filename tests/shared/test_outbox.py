"""The outbox: what was committed is said, once a version, and nothing else is."""

import json

import pytest
from sqlalchemy import select

from shared.database import Database
from shared.events.envelope import Event
from shared.outbox import StatedTwice, outbox, record
from tests.support.events import class_need, class_state, completion


async def recorded(db: Database) -> list[str]:
    async with db.read() as session:
        rows = select(outbox.c.event_id).where(outbox.c.relayed_at.is_(None)).order_by(outbox.c.position)
        return list(await session.scalars(rows))


async def test_facts_and_states_are_kept_in_the_order_they_were_said(db: Database):
    said = [class_state("a"), completion(class_need("a")), class_state("b")]
    async with db.write() as session:
        await record(session, *said[:2])
        await record(session, said[2])
    assert await recorded(db) == [event.id for event in said]


async def test_what_is_kept_is_the_event_that_was_said(db: Database):
    said = completion(class_need("a", 3))
    async with db.write() as session:
        await record(session, said)
    async with db.read() as session:
        body = await session.scalar(select(outbox.c.body))
    assert Event.from_wire(json.loads(str(body))) == said


async def test_what_was_rolled_back_is_not_said(db: Database):
    async def fail() -> None:
        async with db.write() as session:
            await record(session, class_state("a"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await recorded(db) == []


async def test_a_transaction_states_an_aggregate_once(db: Database):
    async def state_twice() -> None:
        async with db.write() as session:
            await record(session, class_state("a", 1))
            await record(session, class_state("a", 2))

    with pytest.raises(StatedTwice) as refused:
        await state_twice()
    assert refused.value.aggregate == "registry.class/a"
    assert await recorded(db) == []


async def test_one_call_may_not_state_an_aggregate_twice_either(db: Database):
    async with db.write() as session:
        with pytest.raises(StatedTwice):
            await record(session, class_state("a", 1), class_state("a", 2))


async def test_a_state_that_a_savepoint_took_back_may_be_said_again(db: Database):
    async def try_it(event: Event) -> None:
        async with db.write() as session:
            await record(session, class_state("b"))
            outer = await session.begin_nested()
            async with session.begin_nested():
                await record(session, event)
            await outer.rollback()
            await record(session, event)
            with pytest.raises(StatedTwice):
                await record(session, class_state("b"))

    said = class_state("a")
    await try_it(said)
    assert (await recorded(db))[1:] == [said.id]


async def test_saying_nothing_is_allowed(db: Database):
    async with db.write() as session:
        await record(session)
    assert await recorded(db) == []
