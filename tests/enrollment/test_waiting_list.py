"""Waiting lists: whom a roster has no room for waits at a place that everybody concerned can read."""

import asyncio
from typing import Any

import pytest

from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.nominees import Plan, kind_of, nominee


async def nominated(plan: Plan, *numbers: int) -> list[str]:
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in numbers))
    return [str(one["value"]["id"]) for one in results]


async def waiting(plan: Plan, by: str | None = None) -> dict[str, Any]:
    answer = await plan.get(by or plan.institution, f"/v1/waiting-lists/{plan.class_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def queue(plan: Plan, by: str | None = None) -> list[str]:
    return [one["nomination_id"] for one in (await waiting(plan, by))["items"]]


async def listed(plan: Plan, roster_id: str) -> list[str]:
    rows = (await plan.get(plan.institution, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    return [row["nomination_id"] for row in rows]


async def order(plan: Plan, *first: str, by: str | None = None) -> Any:
    async with plan.client(by or plan.institution) as http:
        return await http.put(f"/v1/waiting-lists/{plan.class_id}", json={"nomination_ids": list(first)})


async def test_a_roster_takes_as_many_as_there_is_room_for_and_the_others_wait_in_order_of_arrival(
    plan: Plan,
):
    await plan.world.turn(plan.class_id, capacity=2)
    first, second, third, fourth = await nominated(plan, 1, 2, 3, 4)
    told = await waiting(plan)
    assert (told["capacity"], told["room"]) == (2, 2)
    assert [one["place"] for one in told["items"]] == [1, 2, 3, 4]
    roster_id = await plan.submitted(plan.class_id)
    assert await listed(plan, roster_id) == [first, second]
    told = await waiting(plan)
    assert [(one["nomination_id"], one["place"], one["arrival"]) for one in told["items"]] == [
        (third, 1, 3),
        (fourth, 2, 4),
    ]
    assert told["room"] == 0


@pytest.mark.clause("C37")
async def test_the_place_of_a_rejected_row_goes_to_the_next_who_waits(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    _, _, third, fourth = await nominated(plan, 1, 2, 3, 4)
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "reject"), (2, "approve")])
    assert (await waiting(plan))["room"] == 1
    assert (await plan.approve(roster_id)).status_code == 200
    following = await plan.submitted(plan.class_id)
    assert await listed(plan, following) == [third]
    assert await queue(plan) == [fourth]


@pytest.mark.clause("Q8")
async def test_the_next_who_waits_takes_the_place_of_a_trainee_by_one_request(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    leaving, staying = await plan.trainees(plan.class_id, [1, 2])
    third, fourth = await nominated(plan, 3, 4)
    answer = await plan.post(
        plan.institution,
        "/v1/rosters",
        {"class_id": plan.class_id, "replacements": [{"enrolment_id": leaving}]},
    )
    roster_id = answer.json()["id"]
    [row] = (await plan.get(plan.institution, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    assert (row["nomination_id"], row["replaces_enrolment_id"]) == (third, leaving)
    await plan.hand_in(roster_id, ["approve"])
    assert (await plan.approve(roster_id)).status_code == 200
    standing = [one for one in await plan.enrolments(plan.class_id) if one["status"] == "enrolled"]
    assert {one["replaces_enrolment_id"] for one in standing} == {None, leaving}
    assert staying in {one["id"] for one in standing}
    assert await queue(plan) == [fourth]


@pytest.mark.clause("Q8")
async def test_the_place_of_who_has_left_is_taken_by_the_next_draft(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    leaving, _ = await plan.trainees(plan.class_id, [1, 2])
    third, _fourth = await nominated(plan, 3, 4)
    assert (await plan.draft(plan.class_id))["rows"] == 0
    await plan.withdraw(leaving)
    assert (await waiting(plan))["room"] == 1
    roster_id = (await plan.get(plan.institution, "/v1/rosters", class_id=plan.class_id)).json()["items"][1][
        "id"
    ]
    async with plan.client(plan.institution) as http:
        assert (await http.put(f"/v1/rosters/{roster_id}/rows", json={})).status_code == 200
    assert await listed(plan, roster_id) == [third]


async def test_a_returned_roster_gives_everybody_the_turn_of_before(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    everybody = await nominated(plan, 1, 2, 3)
    roster_id = await plan.submitted(plan.class_id)
    await plan.post(plan.centre, f"/v1/rosters/{roster_id}/return", {"reason": "请补充"})
    assert await queue(plan) == everybody


async def test_more_places_than_wait_are_not_taken(plan: Plan):
    one, other = await plan.trainees(plan.class_id, [1, 2])
    await nominated(plan, 3)
    vacant = {"replacements": [{"enrolment_id": one}, {"enrolment_id": other}]}
    refused = await plan.post(plan.institution, "/v1/rosters", {"class_id": plan.class_id, **vacant})
    assert (refused.status_code, kind_of(refused)) == (409, "too-few-wait")
    assert (refused.json()["places"], refused.json()["waiting"]) == (2, 1)


async def test_who_runs_the_class_gives_an_order_and_who_comes_later_stands_behind_it(plan: Plan):
    first, second, third = await nominated(plan, 1, 2, 3)
    answer = await order(plan, third, first)
    assert answer.status_code == 200, answer.text
    assert [one["nomination_id"] for one in answer.json()["items"]] == [third, first, second]
    assert [one["arrival"] for one in answer.json()["items"]] == [3, 1, 2]
    [fourth] = await nominated(plan, 4)
    assert await queue(plan) == [third, first, second, fourth]
    await plan.world.turn(plan.class_id, capacity=2)
    assert await listed(plan, (await plan.draft(plan.class_id))["id"]) == [third, first]


async def test_only_who_runs_the_class_gives_an_order_and_only_of_those_who_wait(plan: Plan):
    first, second = await nominated(plan, 1, 2)
    for stranger in (plan.rival, plan.centre, plan.zhejiang):
        assert kind_of(await order(plan, second, by=stranger)) == "caller-does-not-run-class"
    await plan.post(plan.institution, "/v1/rosters", {"class_id": plan.class_id, "nomination_ids": [first]})
    refused = await order(plan, second, first)
    assert (kind_of(refused), refused.json()["nomination_ids"]) == ("nominations-not-waiting", [first])
    await plan.world.turn(plan.class_id, status="finished")
    assert kind_of(await order(plan, second)) == "class-takes-no-rosters"


@pytest.mark.clause("C35", "Q11")
async def test_a_department_reads_the_places_of_its_own_people_among_all(plan: Plan):
    items = [nominee(plan.class_id, number, enterprise=1 + number % 2) for number in (1, 2, 3)]
    await plan.nominate(plan.institution, *items)
    told = await waiting(plan, plan.ningbo)
    assert [one["place"] for one in told["items"]] == [1, 3]
    assert {one["department_id"] for one in told["items"]} == {plan.ningbo}
    assert told["room"] is None
    assert (await waiting(plan, plan.rival))["items"] == []
    assert {one["person"]["name"] for one in (await waiting(plan))["items"]} == {"演**"}


async def test_the_list_is_read_in_pages_and_costs_the_same_however_many_wait(plan: Plan):
    everybody = await nominated(plan, *range(1, 6))
    seen: list[tuple[int, str]] = []
    after: dict[str, str] = {}
    while True:
        path = f"/v1/waiting-lists/{plan.class_id}"
        told = (await plan.get(plan.institution, path, limit="2", **after)).json()
        seen += [(one["place"], one["nomination_id"]) for one in told["items"]]
        if told["next"] is None:
            break
        after = {"after": told["next"]}
    assert seen == list(enumerate(everybody, 1))

    async def statements() -> int:
        with counted(plan.world.database, ClassState) as cost:
            await waiting(plan)
        return cost.statements

    before = await statements()
    await nominated(plan, *range(10, 50))
    assert await statements() == before > 0


async def test_orders_nominations_and_drafts_at_once_leave_everybody_one_place(plan: Plan):
    everybody = await nominated(plan, *range(1, 9))
    await plan.world.turn(plan.class_id, capacity=3)
    answers = await asyncio.gather(
        *(order(plan, *everybody[number:]) for number in range(1, 5)),
        plan.post(plan.institution, "/v1/rosters", {"class_id": plan.class_id}),
        plan.post(plan.institution, "/v1/nominations", {"items": [nominee(plan.class_id, 20)]}),
    )
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert answers[-2].status_code == 201
    drafted = await listed(plan, answers[-2].json()["id"])
    told = (await waiting(plan))["items"]
    assert [one["place"] for one in told] == list(range(1, len(told) + 1))
    assert len(drafted) == 3
    assert len({*drafted, *(one["nomination_id"] for one in told)}) == 9 == len(drafted) + len(told)
