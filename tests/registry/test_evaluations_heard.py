"""What a final round does in the registry: it shows on designations, and replaces the round before."""

from itertools import permutations

import pytest

from services.registry.suspensions.domain import Judged, replaced
from shared.events.envelope import Event
from shared.ids import new_id
from tests.support.evaluations import (
    FIRST_ROUND,
    NEXT,
    SECOND_ROUND,
    completed,
    decided,
    designate_next,
    designations_of,
    hear,
    join,
    load_next,
    suspensions_of,
)
from tests.support.events import statuses
from tests.support.registry_world import CYCLE, World, designation


@pytest.mark.clause("C38", "Q5")
async def test_a_final_round_shows_on_the_designations_of_its_cycle_without_a_score(designated: World):
    await join(designated, "设计协会", of="联合会")
    await load_next(designated, active=True)
    await designate_next(designated, "甲大学")
    items = [designation(designated, name) for name in ("乙大学", "设计协会")]
    await designated.bulk("/v1/designations", *items, by="人才交流中心")
    judged = {designated.ids["甲大学"]: False, designated.ids["联合会"]: False}
    await hear(designated, completed(judged))
    held = await designations_of(designated, CYCLE)
    assert {name: (one["evaluation_id"], one["version"]) for name, one in held.items()} == {
        "甲大学": (FIRST_ROUND, 2),
        "乙大学": (None, 1),
        "设计协会": (FIRST_ROUND, 2),
    }
    assert (await designations_of(designated))["甲大学"]["evaluation_id"] is None
    newest = (await designated.stated("registry.designation"))[-1]
    assert newest["data"]["evaluation_id"] == FIRST_ROUND
    assert {"total", "rank"}.isdisjoint(held["甲大学"].keys() | newest["data"].keys())

    await hear(designated, completed(judged))
    assert await designations_of(designated, CYCLE) == held


async def test_a_newer_round_lifts_what_the_older_one_decided(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    await hear(world, decided(world.ids["甲大学"]), completed({world.ids["甲大学"]: True}))
    assert (await designations_of(world))["甲大学"]["status"] == "suspended"
    await hear(world, completed({world.ids["乙大学"]: False}, 2, SECOND_ROUND))
    assert (await designations_of(world))["甲大学"]["status"] == "suspended"

    await hear(world, completed({world.ids["甲大学"]: False}, 2, SECOND_ROUND))
    (shown,) = await suspensions_of(world, "甲大学")
    assert shown["status"] == "lifted"
    assert SECOND_ROUND in shown["lift_reason"]
    assert (await designations_of(world))["甲大学"]["status"] == "designated"


async def test_a_final_round_that_names_no_cycle_is_set_aside_and_changes_nothing(designated: World):
    said = completed({designated.ids["甲大学"]: False})
    homeless = Event(type=said.type, subject=said.subject, time=said.time, data=said.data)
    await hear(designated, homeless)
    assert (await designations_of(designated, CYCLE))["甲大学"]["evaluation_id"] is None


async def test_the_facts_of_two_rounds_lead_to_the_same_end_in_every_order(world: World):
    """In each of the 24 orders: one institution is let off by the second round, another falls again."""
    await load_next(world, active=True)
    orders = list(permutations(range(4)))
    names = [f"{side}{number}" for number in range(len(orders)) for side in ("let off", "falling")]
    items = [{"kind": "institution", "name_zh": name, "name_en": name} for name in names]
    for result in await world.bulk("/v1/organisations", *items, by="operator"):
        world.ids[result["value"]["name_zh"]] = result["value"]["id"]
    for cycle_id in (CYCLE, NEXT):
        held = [designation(world, name, cycle_id=cycle_id) for name in names]
        results = await world.bulk("/v1/designations", *held, by="人才交流中心")
        assert {result["status"] for result in results} == {201}
    arriving: list[list[Event]] = [[] for _ in range(4)]
    second = {}
    for number, order in enumerate(orders):
        off, falling = world.ids[f"let off{number}"], world.ids[f"falling{number}"]
        older, newer = new_id(), new_id()
        second[off] = second[falling] = newer
        facts = [
            [completed({off: True, falling: True}, 1, older)],
            [decided(off, older), decided(falling, older)],
            [completed({off: False, falling: True}, 2, newer)],
            [decided(falling, newer)],
        ]
        for place, which in enumerate(order):
            arriving[place] += facts[which]
    for events in arriving:
        await hear(world, *events)

    barred = await designations_of(world)
    assert {one["status"] for name, one in barred.items() if name.startswith("let")} == {"designated"}
    assert {one["status"] for name, one in barred.items() if name.startswith("fall")} == {"suspended"}
    evaluated = await designations_of(world, CYCLE)
    assert all(one["evaluation_id"] == second[one["institution_id"]] for one in evaluated.values())
    answer = await world.act("GET", f"/v1/suspensions?evaluated_cycle_id={CYCLE}&limit=1000")
    standing = [one for one in answer.json()["items"] if one["status"] == "in_force"]
    assert len(answer.json()["items"]) == 3 * len(orders)
    assert sorted((one["institution_id"], one["evaluation_id"]) for one in standing) == sorted(
        (world.ids[name], second[world.ids[name]]) for name in names if name.startswith("fall")
    )
    for resource in ("registry.suspension", "registry.designation"):
        versions: dict[str, list[int]] = {}
        for one in await world.stated(resource):
            versions.setdefault(one["data"]["id"], []).append(one["aggregateversion"])
        assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


async def test_a_final_round_without_institutions_changes_nothing(designated: World):
    before = await designations_of(designated, CYCLE)
    await hear(designated, completed({}))
    assert await designations_of(designated, CYCLE) == before
    assert await statuses(designated.database) == {"done": 1}


FIRST, SECOND, THIRD = "first", "second", "third"


@pytest.mark.parametrize(
    ("judged", "suspending", "expected"),
    [
        ([], {FIRST}, {}),
        ([(FIRST, 1, True)], {FIRST}, {}),
        ([(SECOND, 2, False)], {FIRST}, {}),
        ([(FIRST, 1, True), (SECOND, 2, False)], {FIRST}, {FIRST: SECOND}),
        ([(FIRST, 1, True), (SECOND, 2, True)], {FIRST}, {}),
        ([(FIRST, 1, True), (SECOND, 2, True)], {FIRST, SECOND}, {FIRST: SECOND}),
        ([(FIRST, 1, False), (SECOND, 2, True)], {SECOND}, {FIRST: SECOND}),
        ([(FIRST, 1, False), (SECOND, 2, True)], set(), {}),
        (
            [(FIRST, 1, True), (SECOND, 2, False), (THIRD, 3, True)],
            {FIRST, THIRD},
            {FIRST: THIRD, SECOND: THIRD},
        ),
    ],
)
def test_a_newer_evaluation_replaces_once_it_lets_off_or_its_own_decision_is_there(
    judged: list[tuple[str, int, bool]], suspending: set[str], expected: dict[str, str]
):
    assert replaced([Judged(*one) for one in judged], suspending) == expected
