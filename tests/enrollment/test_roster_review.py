"""Reviewing rosters: who may, a decision per row, all of them before the approval (C37, Q16)."""

import pytest

from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.nominees import Plan, kind_of, nominee


@pytest.mark.clause("C37", "Q16")
async def test_the_submitter_does_not_review_and_one_organisation_doing_both_is_flagged(plan: Plan):
    topic = await plan.another_class(kind="special_topic", lead_id=plan.centre, institution_ids=[])
    await plan.nominate(plan.centre, nominee(topic, 1))
    roster = (await plan.post(plan.centre, "/v1/rosters", {"class_id": topic}, "first")).json()
    path = f"/v1/rosters/{roster['id']}"
    assert (await plan.post(plan.centre, f"{path}/submission", None, "first")).status_code == 200
    decisions = {"items": [{"position": 1, "decision": "approve"}]}
    own = await plan.post(plan.centre, f"{path}/decisions", decisions, "first")
    assert (own.status_code, kind_of(own)) == (403, "reviewer-is-submitter")
    assert (await plan.post(plan.centre, f"{path}/decisions", decisions, "second")).status_code == 200
    assert kind_of(await plan.approve(roster["id"], "first")) == "reviewer-is-submitter"
    approved = (await plan.approve(roster["id"], "second")).json()
    assert approved["same_organisation"] is True


async def test_only_the_holder_of_the_act_reviews(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    for other, status in ((plan.institution, 403), (plan.bureau, 403), (plan.rival, 404), (plan.ningbo, 404)):
        answer = await plan.post(other, f"/v1/rosters/{roster_id}/approval")
        assert answer.status_code == status, answer.text


async def test_every_row_is_decided_before_the_roster_is_approved(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(2, "approve")])
    answer = await plan.approve(roster_id)
    assert (kind_of(answer), answer.json()["positions"]) == ("rows-undecided", [1])


async def test_a_roster_of_nobody_is_returned_and_not_approved(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "reject")])
    assert kind_of(await plan.approve(roster_id)) == "no-row-approved"


async def test_bad_decisions_are_refused_item_by_item(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    items = [
        {"position": 9, "decision": "approve"},
        {"position": 1, "decision": "reject"},
        {"position": 1, "decision": "approve"},
        {"position": 1, "decision": "return", "reason": "材料不全"},
    ]
    answer = await plan.post(plan.centre, f"/v1/rosters/{roster_id}/decisions", {"items": items})
    assert [one["status"] for one in answer.json()["results"]] == [404, 422, 200, 409]
    [row] = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    assert row["decision"] == "approve"


@pytest.mark.clause("C37")
async def test_all_rows_without_a_decision_are_decided_by_one_request(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2, 3)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(2, "reject")])
    path = f"/v1/rosters/{roster_id}/remaining-decisions"
    told = await plan.post(plan.centre, path, {"decision": "approve"})
    assert (told.status_code, told.json()["approved_rows"]) == (200, 2)
    rows = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    assert [row["decision"] for row in rows] == ["approve", "reject", "approve"]
    again = await plan.post(plan.centre, path, {"decision": "reject", "reason": "晚了"})
    assert again.json() == told.json()
    assert (await plan.approve(roster_id)).json()["approved_rows"] == 2


async def test_what_remains_is_not_refused_without_a_reason(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve")])
    path = f"/v1/rosters/{roster_id}/remaining-decisions"
    refused = await plan.post(plan.centre, path, {"decision": "return"})
    assert (refused.status_code, kind_of(refused), refused.json()["position"]) == (422, "reason-missing", 2)
    await plan.post(plan.centre, path, {"decision": "return", "reason": "材料不全"})
    rows = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    assert [(row["decision"], row["reason"]) for row in rows] == [("approve", None), ("return", "材料不全")]


async def test_what_deciding_the_rest_costs_does_not_depend_on_how_many_rows_there_are(plan: Plan):
    async def statements(class_id: str, numbers: range) -> int:
        await plan.nominate(plan.institution, *(nominee(class_id, number) for number in numbers))
        roster_id = await plan.submitted(class_id)
        with counted(plan.world.database, ClassState) as cost:
            path = f"/v1/rosters/{roster_id}/remaining-decisions"
            assert (await plan.post(plan.centre, path, {"decision": "approve"})).status_code == 200
        return cost.statements

    other = await plan.another_class(lead_id=plan.institution)
    assert await statements(plan.class_id, range(1, 3)) == await statements(other, range(10, 60)) > 0
