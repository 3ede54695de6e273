"""Races: two who work at the same time lose nothing, wait for nobody for ever, and have each effect once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.copies import bring, get_copy, lock_copies
from shared.database import Database
from shared.events.enrollment import CompletionConfirmed
from shared.events.envelope import Event
from shared.events.registry import ClassState
from shared.inbox import inbox
from shared.listener import Listener
from shared.runner import run_due
from tests.support.databases import NewDatabase, until_somebody_waits
from tests.support.events import (
    CERTIFICATION,
    NOW,
    class_need,
    class_state,
    completion,
    deliver,
    effects,
    settle,
    statuses,
    traces,
    traces_of,
)

on_postgres = pytest.mark.parametrize(
    "dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("certification", traces)


@on_postgres
async def test_of_a_thousand_facts_that_arrive_with_their_state_none_waits_for_ever(db: Database):
    # Small batches and four runners: a fact and the state it rests on are mostly in different hands. Of every
    # other aggregate an older state was heard before.
    await deliver(db, [class_state(str(number)) for number in range(0, 1000, 2)])
    await settle(db)
    versions = {number: 1 + (number + 1) % 2 for number in range(1000)}
    pairs = [
        (completion(class_need(str(number), version)), class_state(str(number), version))
        for number, version in versions.items()
    ]
    for start in range(0, 1000, 20):
        chunk = pairs[start : start + 20]
        await asyncio.gather(
            deliver(db, [fact for fact, _ in chunk]),
            deliver(db, [state for _, state in chunk]),
            *(run_due(db, CERTIFICATION, NOW, limit=7) for _ in range(4)),
        )
    await asyncio.gather(*(_work(db, limit=7) for _ in range(4)))
    assert await statuses(db) == {"done": 2500}
    assert await traces_of(db) == sorted(fact.id for fact, _ in pairs)


@on_postgres
@pytest.mark.parametrize("version", [1, 2], ids=["first heard of", "heard of before"])
async def test_a_fact_sees_the_state_that_is_committed_while_it_checks(db: Database, version: int):
    """The race itself, step by step: the runner must wait for who is bringing the copy, then see it."""
    if version > 1:
        await deliver(db, [class_state("a", version - 1)])
        await settle(db)
    fact, said = completion(class_need("a", version)), class_state("a", version)
    await deliver(db, [fact])
    async with db.write() as bringing:
        await lock_copies(bringing, [said.subject])
        checking = asyncio.create_task(run_due(db, CERTIFICATION, NOW))
        await until_somebody_waits(db)
        await bring(bringing, [said])
    await checking
    assert await traces_of(db) == [fact.id]


@pytest.mark.parametrize("runners", [2, 5])
async def test_runners_that_compete_have_each_effect_once(db: Database, runners: int):
    facts = [completion() for _ in range(300)]
    await deliver(db, facts)
    await asyncio.gather(*(_work(db, limit=11) for _ in range(runners)))
    assert await traces_of(db) == sorted(fact.id for fact in facts)
    assert await statuses(db) == {"done": 300}


async def test_runners_that_compete_over_the_same_copies_keep_the_newest(db: Database):
    said = [class_state(str(number % 10), version) for version in range(1, 31) for number in range(10)]
    facts = [completion(*(class_need(str(other), 30) for other in range(10))) for _ in range(40)]
    for start in range(0, len(said), 50):
        await deliver(db, [*said[start : start + 50], *facts[start // 50 * 6 : start // 50 * 6 + 7]])
    await asyncio.gather(*(_work(db, limit=23) for _ in range(4)))
    async with db.read() as session:
        for number in range(10):
            copy = await get_copy(session, ClassState.RESOURCE, str(number))
            assert copy is not None
            assert copy.version == 30
    assert set(await statuses(db)) == {"done"}


@on_postgres
async def test_a_deadlock_between_handlers_is_tried_again_and_not_counted(db: Database):
    """Two handlers lock two rows crosswise, in step: the server must end one of them."""
    async with db.write() as session:
        await session.execute(insert(effects), [{"event_id": "left"}, {"event_id": "right"}])
    facts = [completion(), completion()]
    met = asyncio.Barrier(2)
    tries = 0

    async def cross(session: AsyncSession, event: Event) -> None:
        nonlocal tries
        tries += 1
        rows = ["left", "right"] if event.id == facts[0].id else ["right", "left"]
        for place, row in enumerate(rows):
            locked = select(effects).where(effects.c.event_id == row).with_for_update()
            await session.execute(locked)
            if place == 0 and tries <= 2:
                await met.wait()

    listener = Listener("certification", frozenset(), {CompletionConfirmed: cross})
    await deliver(db, facts)
    async with asyncio.timeout(20):
        await asyncio.gather(*(run_due(db, listener, NOW, limit=1) for _ in range(2)))
        await settle(db, listener)
    assert tries == 3
    assert await statuses(db) == {"done": 2}
    async with db.read() as session:
        assert await session.scalar(select(func.sum(inbox.c.attempts))) == 0


async def _work(db: Database, limit: int) -> None:
    while await run_due(db, CERTIFICATION, NOW + timedelta(seconds=1), limit):
        pass
