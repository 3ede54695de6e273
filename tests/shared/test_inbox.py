"""The inbox and its runner: each event has its effects once, whatever comes twice, early or broken."""

from datetime import timedelta

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.copies import get_copies, get_copy, list_copies
from shared.database import Database
from shared.events.enrollment import CompletionConfirmed
from shared.events.envelope import Event, aggregate
from shared.events.registry import ClassState
from shared.inbox import inbox, store
from shared.listener import Listener
from shared.outbox import Message, encode, record
from shared.parked import list_parked, replay
from shared.retention import erase_old
from shared.runner import ATTEMPTS, LONGEST_PAUSE, run_due
from tests.support.databases import NewDatabase
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

deferred = MetaData()
targets = Table("targets", deferred, Column("event_id", String(36), primary_key=True))
target = ForeignKey(targets.c.event_id, deferrable=True, initially="DEFERRED")
referrals = Table("referrals", deferred, Column("event_id", target))
"""A row that names no target is refused by the commit, and not before."""


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    return await new_database("certification", traces, deferred)


class Refusing:
    """A handler that fails on chosen events, after it has already written."""

    def __init__(self, *bad: Event, error: type[Exception] = ValueError) -> None:
        self.bad = {event.id for event in bad}
        self.error = error
        self.calls = 0
        self.listener = Listener("certification", CERTIFICATION.states, {CompletionConfirmed: self})

    async def __call__(self, session: AsyncSession, event: Event) -> None:
        self.calls += 1
        await session.execute(insert(effects).values(event_id=event.id))
        if event.id in self.bad:
            raise self.error("张三 440102198001021230")


async def test_an_event_that_comes_again_is_handled_once(db: Database):
    fact = completion()
    await deliver(db, [fact, fact])
    await deliver(db, [fact])
    await settle(db)
    await deliver(db, [fact])
    await settle(db)
    assert await traces_of(db) == [fact.id]


async def test_the_newest_state_stays_whatever_the_order(db: Database):
    await deliver(db, [class_state("a", 3, "three"), class_state("a", 1), class_state("b", 1)])
    await settle(db)
    await deliver(db, [class_state("a", 2), class_state("b", 2, "two")])
    await settle(db)
    async with db.read() as session:
        copies = await get_copies(session, ClassState.RESOURCE, ["a", "b", "unheard"])
        assert {name: (copy.version, copy.data["title_zh"]) for name, copy in copies.items()} == {
            "a": (3, "three"),
            "b": (2, "two"),
        }
        assert [copy.aggregate for copy in await list_copies(session, ClassState.RESOURCE)] == [
            "registry.class/a",
            "registry.class/b",
        ]
    assert await statuses(db) == {"done": 5}


async def test_a_copy_carries_what_the_state_said(db: Database):
    said = class_state("a", 7)
    await deliver(db, [said])
    await settle(db)
    async with db.read() as session:
        copy = await get_copy(session, ClassState.RESOURCE, "a")
    assert copy is not None
    assert (copy.version, copy.time, copy.cycle, copy.data) == (7, said.time, said.cycle, said.data)


async def test_a_fact_waits_for_the_state_it_rests_on(db: Database):
    fact = completion(class_need("a", 2), class_need("b", 1))
    await deliver(db, [fact, class_state("a", 1)])
    await settle(db)
    assert await statuses(db) == {"done": 1, "waiting": 1}
    await deliver(db, [class_state("a", 2)])
    await settle(db)
    assert await traces_of(db) == []
    await deliver(db, [class_state("b", 5)])
    await settle(db)
    assert await traces_of(db) == [fact.id]


async def test_a_waiting_fact_leaves_no_copy_to_be_read(db: Database):
    await deliver(db, [completion(class_need("a"))])
    await settle(db)
    async with db.read() as session:
        assert await get_copy(session, ClassState.RESOURCE, "a") is None
        assert await list_copies(session, ClassState.RESOURCE) == []


async def test_a_fact_and_its_state_in_one_batch_need_no_second_round(db: Database):
    fact = completion(class_need("a"))
    await deliver(db, [fact, class_state("a")])
    assert await run_due(db, CERTIFICATION, NOW) == 2
    assert await traces_of(db) == [fact.id]


async def test_a_fact_does_not_wait_for_what_the_service_keeps_no_copy_of(db: Database):
    fact = completion((aggregate("enrollment.completion", "own"), 9))
    await deliver(db, [fact])
    await settle(db)
    assert await traces_of(db) == [fact.id]


async def test_one_bad_event_of_two_hundred_is_parked_alone(db: Database):
    facts = [completion() for _ in range(200)]
    refusing = Refusing(facts[99])
    await deliver(db, facts)
    await run_due(db, refusing.listener, NOW)
    assert await traces_of(db) == sorted(fact.id for fact in facts if fact is not facts[99])
    assert await statuses(db) == {"done": 199, "due": 1}
    later = NOW
    for _ in range(ATTEMPTS):
        await settle(db, refusing.listener, later)
        later += LONGEST_PAUSE
    assert await statuses(db) == {"done": 199, "parked": 1}


async def test_an_event_that_only_the_commit_refuses_is_found_by_halving(db: Database):
    facts = [completion() for _ in range(50)]

    async def refer(session: AsyncSession, event: Event) -> None:
        await session.execute(insert(effects).values(event_id=event.id))
        if event.id == facts[20].id:
            await session.execute(insert(referrals).values(event_id=event.id))

    listener = Listener("certification", frozenset(), {CompletionConfirmed: refer})
    await deliver(db, facts)
    await run_due(db, listener, NOW)
    assert await traces_of(db) == sorted(fact.id for fact in facts if fact is not facts[20])
    assert await statuses(db) == {"done": 49, "due": 1}


async def test_the_pauses_between_attempts_grow(db: Database):
    fact = completion()
    refusing = Refusing(fact)
    await deliver(db, [fact])
    now = NOW
    pauses: list[timedelta] = []
    for _ in range(ATTEMPTS - 1):
        await settle(db, refusing.listener, now)
        async with db.read() as session:
            due_at = await session.scalar(select(inbox.c.due_at))
        assert due_at is not None
        assert await run_due(db, refusing.listener, due_at - timedelta(microseconds=1)) == 0
        pauses.append(due_at - now)
        now = due_at
    assert pauses == sorted(set(pauses))
    assert refusing.calls == ATTEMPTS - 1


async def test_a_parked_event_is_listed_without_its_content_and_can_be_replayed(db: Database):
    fact = completion()
    refusing = Refusing(fact)
    await deliver(db, [fact])
    for attempt in range(ATTEMPTS):
        await settle(db, refusing.listener, NOW + attempt * LONGEST_PAUSE)
    async with db.read() as session:
        (parked,) = await list_parked(session)
    assert (parked.event_id, parked.type, parked.attempts) == (fact.id, fact.type, ATTEMPTS)
    assert parked.fault.startswith("ValueError at test_inbox.py:")
    assert "张三" not in parked.fault
    async with db.write() as session:
        assert await replay(session, [fact.id, "unknown"], NOW) == [fact.id]
    await settle(db)
    assert await traces_of(db) == [fact.id]


async def test_facts_that_change_one_aggregate_run_one_after_the_other(db: Database):
    version = 0

    async def count(session: AsyncSession, event: Event) -> None:
        nonlocal version
        version += 1
        await session.execute(insert(effects).values(event_id=event.id))
        await record(session, class_state("shared", version))

    facts = [completion() for _ in range(5)]
    await deliver(db, facts)
    await run_due(db, Listener("registry", frozenset(), {CompletionConfirmed: count}), NOW)
    assert await traces_of(db) == sorted(fact.id for fact in facts)
    assert await statuses(db) == {"done": 5}


async def test_what_cannot_be_read_is_parked_and_holds_nobody_up(db: Database):
    fact = completion()
    broken = encode(completion())
    await store(db, [Message(broken.id, broken.type, '{"specversion": "0.3"}'), encode(fact)], NOW)
    for attempt in range(ATTEMPTS):
        await settle(db, now=NOW + attempt * LONGEST_PAUSE)
    assert await traces_of(db) == [fact.id]
    assert await statuses(db) == {"done": 1, "parked": 1}


async def test_an_event_that_nobody_here_handles_is_done(db: Database):
    await deliver(db, [completion(), class_state("a")])
    await settle(db, Listener("other", frozenset(), {}))
    assert await statuses(db) == {"done": 2}
    async with db.read() as session:
        assert await get_copy(session, ClassState.RESOURCE, "a") is None


async def test_settled_events_are_erased_after_their_time_and_others_never(db: Database):
    bad, waiting, done = completion(), completion(class_need("a")), completion()
    refusing = Refusing(bad)
    await deliver(db, [bad, waiting, done])
    for attempt in range(ATTEMPTS):
        await settle(db, refusing.listener, NOW + attempt * LONGEST_PAUSE)
    async with db.write() as session:
        await record(session, class_state("unrelayed"))
    assert await erase_old(db, NOW) == 0
    assert await erase_old(db, NOW + timedelta(days=1)) == 2
    assert await statuses(db) == {"waiting": 1}
