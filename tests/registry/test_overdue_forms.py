"""Overdue liaison forms: told once per department and closing instant, on the board until answered."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.outbox import outbox
from tests.registry.test_deadlines import NINGBO, ZHEJIANG, extend, refresh
from tests.registry.test_liaison_board import board
from tests.registry.test_liaison_forms import CLOSES, submit
from tests.registry.test_sweeps import LATER
from tests.support.registry_world import CYCLE, World

CLOSED = "2022-10-31T16:00:00Z"


async def sweep(world: World, now: datetime) -> list[tuple[str, str]]:
    """Sweep at a time; name who was newly found overdue in the cycle of 2022, and since when."""
    answer = await world.act("POST", "/v1/sweeps", {}, by="operator", now=now)
    assert answer.status_code == 200, answer.text
    names = {identifier: name for name, identifier in world.ids.items()}
    found = [one for one in answer.json()["overdue"] if one["cycle_id"] == CYCLE]
    return sorted((names[one["department_id"]], one["closes_at"]) for one in found)


async def told(world: World) -> list[dict[str, Any]]:
    facts = select(outbox.c.body).where(outbox.c.type == "registry.liaison_form_overdue.v1")
    async with world.database.read() as session:
        said = [json.loads(body) for body in await session.scalars(facts.order_by(outbox.c.position))]
    return [one for one in said if one["cycle"] == CYCLE]


async def overdue(world: World) -> dict[str, str | None]:
    return {one["name_zh"]: one["overdue_since"] for one in (await board(world))["lines"]}


@pytest.mark.clause("C19")
async def test_who_has_not_answered_when_the_deadline_closes_is_noted_and_told_once(world: World):
    await submit(world, ZHEJIANG, CLOSES - timedelta(days=1))
    assert await sweep(world, CLOSES - timedelta(microseconds=1)) == []
    assert await overdue(world) == {ZHEJIANG: None, NINGBO: None}
    assert await sweep(world, CLOSES) == [(NINGBO, CLOSED)]
    assert await sweep(world, CLOSES + timedelta(days=1)) == []
    (said,) = await told(world)
    assert said["data"] == {"cycle_id": CYCLE, "department_id": world.ids[NINGBO], "closes_at": CLOSED}
    assert said["subject"] == f"registry.deadline/{CYCLE}.liaison_forms"
    assert await overdue(world) == {ZHEJIANG: None, NINGBO: CLOSED}
    assert (await board(world))["overdue"] == 1


@pytest.mark.clause("C19")
async def test_a_form_that_comes_later_clears_the_mark_to_late(world: World):
    await sweep(world, CLOSES)
    await submit(world, NINGBO, CLOSES + timedelta(days=2))
    shown = {one["name_zh"]: one for one in (await board(world))["lines"]}
    assert (shown[NINGBO]["answer"], shown[NINGBO]["overdue_since"]) == ("late", None)
    assert (shown[ZHEJIANG]["answer"], shown[ZHEJIANG]["overdue_since"]) == ("missing", CLOSED)
    assert await sweep(world, CLOSES + timedelta(days=3)) == []


@pytest.mark.clause("C19", "C36")
async def test_who_is_given_longer_is_overdue_when_that_ends(world: World):
    await sweep(world, CLOSES)
    await extend(world, "2022-11-20", NINGBO)
    assert await overdue(world) == {ZHEJIANG: CLOSED, NINGBO: None}
    assert await sweep(world, LATER - timedelta(days=1)) == []
    assert await sweep(world, LATER) == [(NINGBO, "2022-11-20T16:00:00Z")]
    assert len(await told(world)) == 3
    assert (await overdue(world))[NINGBO] == "2022-11-20T16:00:00Z"


@pytest.mark.clause("C19")
async def test_a_cycle_without_such_a_deadline_has_nobody_overdue(world: World):
    await sweep(world, CLOSES)
    await refresh(world, liaison_forms=None)
    assert await overdue(world) == {ZHEJIANG: None, NINGBO: None}
    assert await sweep(world, CLOSES + timedelta(days=1)) == []


@pytest.mark.clause("C01", "C19")
async def test_in_a_closed_cycle_nobody_becomes_overdue(world: World):
    assert (await world.act("POST", f"/v1/policy-packs/{CYCLE}/closure", {})).status_code == 200
    assert await sweep(world, CLOSES) == []
    assert await told(world) == []


async def test_of_many_who_sweep_at_once_one_tells(world: World):
    found = await asyncio.gather(*(sweep(world, CLOSES) for _ in range(6)))
    assert sorted(map(len, found)) == [0, 0, 0, 0, 0, 2]
    assert len(await told(world)) == 2


async def test_a_department_sees_its_own_mark_alone(world: World):
    await sweep(world, CLOSES)
    (line,) = (await board(world, by=NINGBO))["lines"]
    assert (line["name_zh"], line["overdue_since"]) == (NINGBO, CLOSED)
