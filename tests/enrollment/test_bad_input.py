"""What enrollment answers to bad input and to copies that lag: a problem, never a failure."""

import asyncio
from typing import Any

from services.enrollment.settings import Settings
from shared.events.enrollment import NominationState
from shared.ids import new_id
from tests.support.nominees import Plan, nominee

PROBLEM = "application/problem+json"


def changed(**places: Any) -> dict[str, Any]:
    return {**nominee(new_id(), 1), **places}


MALFORMED: list[tuple[object, str]] = [
    (changed(colour="red"), "/items/0/colour"),
    (changed(class_id="x"), "/items/0/class_id"),
    (changed(class_id=7), "/items/0/class_id"),
    (changed(person=None), "/items/0/person"),
    (changed(target_group=""), "/items/0/target_group"),
    (changed(evidence=["growth"]), "/items/0/evidence"),
    (changed(declarations={}), "/items/0/declarations"),
    (changed(person={"name": " ", "document": {}, "post": "p"}), "/items/0/person/name"),
    ([], "/items/0"),
]

REFUSED: list[tuple[str, object, int]] = [
    ("/v1/nominations", {"items": []}, 422),
    ("/v1/nominations", {"items": [{}] * 1001}, 422),
    ("/v1/rosters", {"class_id": new_id(), "number": 1}, 422),
    ("/v1/rosters", {"class_id": "0190b0a0-0000-7000-8000-000000000000"}, 404),
    ("/v1/rosters", None, 422),
    ("/v1/rosters/none/submission", {}, 404),
    ("/v1/rosters/none/approval", {}, 404),
    ("/v1/rosters/none/return", {}, 422),
    ("/v1/rosters/none/return", {"reason": "x"}, 404),
    ("/v1/rosters/none/decisions", {"items": [{"position": 0, "decision": "approve"}]}, 422),
    ("/v1/rosters/none/decisions", {"items": [{"position": 1, "decision": "perhaps"}]}, 422),
    ("/v1/rosters/none/decisions", {"items": [{"position": 1, "decision": "approve"}]}, 404),
]


async def test_a_malformed_nomination_refuses_the_request_at_its_place(plan: Plan):
    for item, pointer in MALFORMED:
        answer = await plan.post(plan.institution, "/v1/nominations", {"items": [item]})
        assert answer.status_code == 422, pointer
        assert answer.headers["content-type"] == PROBLEM
        assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not await plan.world.told(NominationState.state_type())


async def test_bad_requests_are_answered_with_a_problem(plan: Plan):
    for path, body, status in REFUSED:
        answer = await plan.post(plan.centre, path, body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), (path, body)


async def test_broken_json_and_wrong_queries_are_problems(plan: Plan):
    async with plan.client(plan.institution) as http:
        json = {"content-type": "application/json"}
        broken = await http.post("/v1/nominations", content=b'{"items": [', headers=json)
        queries = [
            await http.get("/v1/nominations"),
            await http.get("/v1/nominations?class_id=7"),
            await http.get(f"/v1/rosters?class_id={plan.class_id}&limit=0"),
            await http.get(f"/v1/enrolments?class_id={plan.class_id}&after=nonsense"),
        ]
    assert broken.status_code == 400
    assert [answer.status_code for answer in queries] == [422, 422, 422, 400]
    assert {answer.headers["content-type"] for answer in (broken, *queries)} == {PROBLEM}


async def test_a_nomination_for_a_class_that_arrives_meanwhile_is_taken(plan: Plan):
    world = plan.world
    world.app.state.settings = Settings.model_validate(
        {"database_url": world.database.url, "mode": "rehearsal", "copy_wait": 10.0}
    )
    await world.database.start()
    class_id = new_id()
    nominating = asyncio.create_task(plan.nominate(plan.institution, nominee(class_id, 1)))
    while not world.app.state.copy_watch._waiters:  # noqa: ASYNC110 - nobody tells that a request waits
        await asyncio.sleep(0)
    await world.course(plan.cycle_id, plan.institution, plan.zhejiang, id=class_id)
    [result] = await nominating
    assert result["status"] == 201
