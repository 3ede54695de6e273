"""Drafting rosters: who may, which nominations, one open roster of a class at a time."""

import pytest
from sqlalchemy.exc import IntegrityError

from services.enrollment.rosters.models import Roster
from tests.support.client import client
from tests.support.nominees import IN_TIME, Plan, kind_of, nominee


async def test_a_draft_takes_the_nominations_that_came_later_when_it_is_filled_anew(plan: Plan):
    roster = await plan.draft(plan.class_id)
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, n) for n in (1, 2)))
    path = f"/v1/rosters/{roster['id']}/rows"
    async with plan.client(plan.institution) as http:
        filled = (await http.put(path, json={})).json()
        chosen = [results[1]["value"]["id"]]
        fewer = (await http.put(path, json={"nomination_ids": chosen})).json()
        rows = (await http.get(path)).json()["items"]
    assert (filled["rows"], fewer["rows"]) == (2, 1)
    assert filled["rows_sha256"] != fewer["rows_sha256"]
    assert [row["nomination_id"] for row in rows] == chosen


async def test_a_class_has_one_open_roster_at_a_time(plan: Plan):
    await plan.draft(plan.class_id)
    second = await plan.post(plan.institution, "/v1/rosters", {"class_id": plan.class_id})
    assert (second.status_code, kind_of(second)) == (409, "roster-already-open")
    twin = Roster(
        cycle_id=plan.cycle_id,
        revision=1,
        class_id=plan.class_id,
        number=2,
        rows_sha256="",
        drafted_at=IN_TIME,
    )
    with pytest.raises(IntegrityError):
        async with plan.world.database.write() as session:
            session.add(twin)


async def test_rows_of_another_class_cannot_be_listed(plan: Plan):
    other = await plan.another_class()
    [foreign] = await plan.nominate(plan.rival, nominee(other, 1))
    body = {"class_id": plan.class_id, "nomination_ids": [foreign["value"]["id"]]}
    answer = await plan.post(plan.institution, "/v1/rosters", body)
    assert (answer.status_code, kind_of(answer)) == (409, "nominations-not-open")


async def test_only_who_runs_the_class_drafts_and_submits(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    for stranger in (plan.rival, plan.ningbo, plan.centre):
        answer = await plan.post(stranger, "/v1/rosters", {"class_id": plan.class_id})
        assert (answer.status_code, kind_of(answer)) == (403, "caller-does-not-run-class")
    await plan.world.turn(plan.class_id, filed_by=plan.ningbo)
    assert (await plan.post(plan.ningbo, "/v1/rosters", {"class_id": plan.class_id})).status_code == 201


async def test_of_a_draft_not_even_its_existence_is_told_to_who_has_no_part_in_it(plan: Plan):
    """Who asks first about the class and then about its state tells strangers neither."""
    for state, told in (("draft", "class-unknown"), ("returned", "does-not-run-class")):
        class_id = await plan.another_class(status=state)
        session = {"class_id": class_id, "title": "开班", "mode": "classroom", "method": "lecture"}
        item = {**session, "starts_at": "2023-03-02T01:00:00Z", "minutes": 60}
        roster = await plan.post(plan.institution, "/v1/rosters", {"class_id": class_id})
        assert roster.json()["type"].endswith(told)
        planned = await plan.post(plan.institution, "/v1/sessions", {"items": [item]})
        assert planned.json()["results"][0]["status"] == (404 if state == "draft" else 403)
        own = await plan.post(plan.rival, "/v1/rosters", {"class_id": class_id})
        assert (own.status_code, own.json()["state"]) == (409, state)


async def test_who_may_not_see_a_trainee_sees_no_roster(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    for stranger in (plan.rival, plan.zhejiang, plan.ningbo):
        assert (await plan.get(stranger, f"/v1/rosters/{roster_id}")).status_code == 404
        assert (await plan.get(stranger, f"/v1/rosters/{roster_id}/rows")).status_code == 404
    for blind in ("operator", "evaluator"):
        async with client(plan.world.app, blind, organisation_id="one") as http:
            assert (await http.get(f"/v1/rosters/{roster_id}")).status_code == 404


async def test_a_returned_roster_is_followed_by_the_next_number(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    answer = await plan.post(plan.centre, f"/v1/rosters/{roster_id}/return", {"reason": "请补充佐证"})
    assert (answer.json()["status"], answer.json()["return_reason"]) == ("returned", "请补充佐证")
    following = await plan.draft(plan.class_id)
    assert (following["number"], following["rows"]) == (2, 1)


async def test_a_returned_row_may_be_listed_again_and_a_rejected_one_may_not(plan: Plan):
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2, 3)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve"), (2, "reject"), (3, "return")])
    assert (await plan.approve(roster_id)).status_code == 200
    following = await plan.draft(plan.class_id)
    rows = (await plan.get(plan.institution, f"/v1/rosters/{following['id']}/rows")).json()["items"]
    assert [row["nomination_id"] for row in rows] == [results[2]["value"]["id"]]
