"""Sweeps note which deadlines are near and which have passed: once each, and judge nobody."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.registry.handlers import LISTENER
from tests.registry.test_deadlines import CENTRE, FORMS, NINGBO, ZHEJIANG, extend, shown
from tests.registry.test_liaison_forms import CLOSES, submit
from tests.support.registry_world import EARLIER, World, problem

MANY = 6
LATER = datetime(2022, 11, 20, 16, tzinfo=UTC)


async def sweep(world: World, now: datetime, by: str = "operator") -> list[tuple[str, int]]:
    """Sweep at a time; tell what was new of the liaison forms of 2022: the day that closes, and how near."""
    answer = await world.act("POST", "/v1/sweeps", {}, by=by, now=now)
    assert answer.status_code == 200, answer.text
    return [
        (one["closes_at"][:10], one["days"]) for one in answer.json()["noted"] if one["deadline_id"] == FORMS
    ]


async def noted(world: World) -> list[tuple[str, int]]:
    return [(one["closes_at"][:10], one["days"]) for one in (await shown(world))["noted"]]


async def told(world: World) -> list[Any]:
    return [one for one in await world.stated("registry.deadline") if one["data"]["id"] == FORMS]


@pytest.mark.clause("C19", "C36")
async def test_each_notice_is_noted_once_and_the_passing_at_its_very_instant(world: World):
    moments: list[tuple[timedelta, list[tuple[str, int]]]] = [
        (timedelta(days=8), []),
        (timedelta(days=7), [("2022-10-31", 7)]),
        (timedelta(days=2), []),
        (timedelta(days=1), [("2022-10-31", 1)]),
        (timedelta(microseconds=1), []),
        (timedelta(), [("2022-10-31", 0)]),
        (timedelta(days=-9), []),
    ]
    for before, due in moments:
        assert await sweep(world, CLOSES - before) == due, before
        assert await sweep(world, CLOSES - before) == []
    assert await noted(world) == [("2022-10-31", 7), ("2022-10-31", 1), ("2022-10-31", 0)]
    assert [one["aggregateversion"] for one in await told(world)] == [1, 2, 3, 4]
    assert [one["days"] for one in (await told(world))[-1]["data"]["noted"]] == [7, 1, 0]


async def test_a_sweep_that_comes_late_says_of_what_has_passed_only_that(world: World):
    assert await sweep(world, CLOSES - timedelta(hours=3)) == [("2022-10-31", 1)]
    assert await sweep(world, CLOSES + timedelta(days=3)) == [("2022-10-31", 0)]
    earlier = await shown(world, f"{EARLIER}.liaison_forms")
    assert [one["days"] for one in earlier["noted"]] == [0]


@pytest.mark.clause("C36")
async def test_what_is_put_off_has_not_passed_until_its_own_end(world: World):
    await sweep(world, CLOSES)
    await extend(world, "2022-11-20")
    assert await noted(world) == []
    assert await sweep(world, LATER - timedelta(days=8)) == []
    assert await sweep(world, LATER - timedelta(days=6)) == [("2022-11-20", 7)]
    assert await sweep(world, LATER) == [("2022-11-20", 0)]


@pytest.mark.clause("C36")
async def test_who_has_longer_has_an_end_of_its_own(world: World):
    await sweep(world, CLOSES)
    await extend(world, "2022-11-20", ZHEJIANG)
    assert await noted(world) == [("2022-10-31", 0)]
    assert await sweep(world, LATER) == [("2022-11-20", 0)]
    assert await noted(world) == [("2022-10-31", 0), ("2022-11-20", 0)]


@pytest.mark.clause("C19")
async def test_a_note_judges_nobody(world: World):
    await sweep(world, CLOSES + timedelta(days=1))
    in_time = await submit(world, ZHEJIANG, CLOSES - timedelta(days=1))
    assert not in_time.json()["late"]
    assert (await submit(world, NINGBO, CLOSES)).json()["late"]


async def test_of_many_who_sweep_at_once_one_notes(world: World):
    found = await asyncio.gather(*(sweep(world, CLOSES) for _ in range(MANY)))
    assert sorted(found) == [[]] * (MANY - 1) + [[("2022-10-31", 0)]]
    assert [one["aggregateversion"] for one in await told(world)] == [1, 2]


async def test_only_operator_and_bureau_sweep(world: World):
    assert await sweep(world, CLOSES, by="部中小企业局")
    refused = await world.act("POST", "/v1/sweeps", {}, by=CENTRE)
    assert problem(refused, 403) == "caller-not-allowed"


async def test_the_worker_sweeps_by_the_clock_but_in_a_rehearsal(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    run = LISTENER.jobs["sweep"].run
    monkeypatch.setenv("LINGJUN_MODE", "rehearsal")
    assert await run(world.database) == 0
    assert await noted(world) == []
    monkeypatch.setenv("LINGJUN_MODE", "production")
    # Both packs have long been over: four deadlines have passed, and two departments answered neither.
    assert [await run(world.database) for _ in range(2)] == [8, 0]
    assert await noted(world) == [("2022-10-31", 0)]


async def test_the_days_of_notice_are_the_environments(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REGISTRY_NOTICE_DAYS", "[30]")
    assert await sweep(world, CLOSES - timedelta(days=30)) == [("2022-10-31", 30)]
