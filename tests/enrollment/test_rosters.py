"""Rosters from draft to approval or return, through the application, on both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.enrollment.rosters.models import Roster, RosterRow
from shared.events.enrollment import EnrolmentState, RosterApproved, RosterState
from tests.support.client import client
from tests.support.enrollment_world import load
from tests.support.nominees import IN_TIME, Plan, nominee

APPROVED, STATE = RosterApproved.TYPE, RosterState.state_type()


def kind_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


@pytest.mark.clause("C37")
async def test_approval_enrols_the_approved_rows_and_tells_it_once(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2, 3)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve"), (2, "reject"), (3, "approve")])
    approved = (await plan.approve(roster_id)).json()
    assert (approved["status"], approved["rows"], approved["approved_rows"]) == ("approved", 3, 2)

    [fact] = await plan.world.told(APPROVED)
    assert [row["position"] for row in fact.data["rows"]] == [1, 3]
    assert all(row["head"] for row in fact.data["rows"])
    assert (f"registry.class/{plan.class_id}", 1) in fact.needs
    assert len(await plan.world.told(EnrolmentState.state_type())) == 2
    versions = [state.version for state in await plan.world.told(STATE)]
    assert versions == list(range(1, len(versions) + 1))

    enrolled = (await plan.get(plan.institution, "/v1/enrolments", class_id=plan.class_id)).json()["items"]
    assert [one["position"] for one in enrolled] == [1, 3]
    assert {one["person"]["name"] for one in enrolled} == {"演**"}


async def test_a_long_roster_is_told_in_parts_of_at_most_500_rows(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, range(1, 601))
    answer = await plan.approve(roster_id)
    assert answer.status_code == 200
    parts = await plan.world.told(APPROVED)
    assert [(one.part, one.parts, len(one.data["rows"])) for one in parts] == [(1, 2, 500), (2, 2, 100)]


async def test_an_empty_roster_cannot_be_submitted(plan: Plan):
    roster = await plan.draft(plan.class_id)
    answer = await plan.post(plan.institution, f"/v1/rosters/{roster['id']}/submission")
    assert (answer.status_code, kind_of(answer)) == (409, "roster-empty")


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


@pytest.mark.clause("C36", "Q1")
async def test_a_roster_is_in_time_until_the_last_instant_of_the_last_day_in_shanghai(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    path = f"/v1/rosters/{roster['id']}/submission"
    midnight = datetime(2022, 12, 31, 16, tzinfo=UTC)
    async with plan.world.as_(plan.institution, now=midnight) as http:
        late = await http.post(path)
    assert (late.status_code, kind_of(late)) == (409, "selection-deadline-passed")
    async with plan.world.as_(plan.institution, now=midnight.replace(hour=15, minute=59, second=59)) as http:
        assert (await http.post(path)).status_code == 200


@pytest.mark.clause("Q15")
async def test_a_boot_camp_takes_its_roster_until_it_starts(plan: Plan):
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    await plan.nominate(plan.institution, nominee(camp, 1))
    roster = await plan.draft(camp)
    path = f"/v1/rosters/{roster['id']}/submission"
    starts = datetime(2023, 2, 28, 16, tzinfo=UTC)
    async with plan.world.as_(plan.institution, now=starts) as http:
        late = await http.post(path)
    assert kind_of(late) == "selection-deadline-passed"
    async with plan.world.as_(plan.institution, now=starts.replace(hour=15)) as http:
        assert (await http.post(path)).status_code == 200


async def test_more_persons_than_the_class_has_room_for_are_refused(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=1)
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    roster = await plan.draft(plan.class_id)
    answer = await plan.post(plan.institution, f"/v1/rosters/{roster['id']}/submission")
    assert kind_of(answer) == "capacity-exceeded"
    assert (answer.json()["capacity"], answer.json()["persons"]) == (1, 2)


async def test_what_is_refused_because_of_a_copy_may_be_tried_again_shortly(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=1, status="draft")
    early = await plan.post(plan.rival, "/v1/rosters", {"class_id": plan.class_id})
    await plan.world.turn(plan.class_id, status="approved")
    roster_id = (await plan.draft(plan.class_id))["id"]
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    async with plan.client(plan.institution) as http:
        await http.put(f"/v1/rosters/{roster_id}/rows", json={})
    path = f"/v1/rosters/{roster_id}/submission"
    full = await plan.post(plan.institution, path)
    async with plan.world.as_(plan.institution, now=datetime(2023, 1, 1, tzinfo=UTC)) as http:
        late = await http.post(path)
    refused = [kind_of(answer) for answer in (early, full, late)]
    assert refused == ["class-unknown", "capacity-exceeded", "selection-deadline-passed"]
    assert all(answer.headers["retry-after"] for answer in (early, full, late))


async def test_a_roster_is_told_under_the_revision_of_its_submission(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    pack = load("2022-2023")
    await plan.world.cycle(pack, revision=2)
    await plan.post(plan.institution, f"/v1/rosters/{roster['id']}/submission")
    await plan.world.cycle(pack, revision=3)
    await plan.decide(roster["id"], [(1, "approve")])
    assert (await plan.approve(roster["id"])).status_code == 200
    assert [one.revision for one in await plan.world.told(STATE)] == [1, 2, 2, 2]
    assert [one.revision for one in await plan.world.told(APPROVED)] == [2]


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


async def test_only_who_runs_the_class_drafts_and_submits(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    for stranger in (plan.rival, plan.ningbo, plan.centre):
        answer = await plan.post(stranger, "/v1/rosters", {"class_id": plan.class_id})
        assert (answer.status_code, kind_of(answer)) == (403, "caller-does-not-run-class")
    await plan.world.turn(plan.class_id, filed_by=plan.ningbo)
    assert (await plan.post(plan.ningbo, "/v1/rosters", {"class_id": plan.class_id})).status_code == 201


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


async def test_a_class_that_is_only_filed_takes_no_trainees_yet(plan: Plan):
    await plan.world.turn(plan.class_id, status="filed")
    roster_id = await plan.reviewed(plan.class_id, [1])
    assert kind_of(await plan.approve(roster_id)) == "class-not-approved"
    await plan.world.turn(plan.class_id, status="approved")
    assert (await plan.approve(roster_id)).status_code == 200


@pytest.mark.clause("Q7")
async def test_a_person_counts_once_and_a_second_class_needs_a_reason(plan: Plan):
    other = await plan.another_class()
    assert (await plan.approve(await plan.reviewed(plan.class_id, [1, 2]))).status_code == 200
    [warned, _] = await plan.nominate(plan.rival, nominee(other, 2), nominee(other, 3))
    assert "second_enrolment" in {one["code"] for one in warned["value"]["findings"]}
    roster_id = await plan.submitted(other, plan.rival)
    await plan.decide(roster_id, [(1, "approve"), (2, "approve")])
    refused = await plan.approve(roster_id)
    assert (refused.status_code, kind_of(refused)) == (409, "person-already-enrolled")
    assert refused.json()["positions"] == [1]

    reason = nominee(other, 2, second_enrolment_reason="主题不同，企业转型需要")
    [again] = await plan.nominate(plan.rival, reason)
    assert again["status"] == 200
    assert (await plan.approve(roster_id)).status_code == 200
    [_, second] = await plan.world.told(APPROVED)
    assert [row["head"] for row in second.data["rows"]] == [False, True]


@pytest.mark.clause("C26")
async def test_a_class_that_does_not_count_adds_no_heads_and_bars_nobody_from_one_that_does(plan: Plan):
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    assert (await plan.approve(await plan.reviewed(camp, [1]))).status_code == 200
    assert (await plan.approve(await plan.reviewed(plan.class_id, [1, 2]))).status_code == 200
    later = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    [nominated] = await plan.nominate(plan.institution, nominee(later, 2))
    assert nominated["value"]["findings"] == []
    roster_id = await plan.submitted(later)
    await plan.decide(roster_id, [(1, "approve")])
    assert (await plan.approve(roster_id)).status_code == 200

    heads = [[row["head"] for row in fact.data["rows"]] for fact in await plan.world.told(APPROVED)]
    assert heads == [[False], [True, True], [False]]
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert progress["heads"] == 2


async def test_no_operation_changes_an_approved_roster(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    before = (await plan.approve(roster_id)).json()
    path = f"/v1/rosters/{roster_id}"
    decisions = {"items": [{"position": 1, "decision": "approve"}]}
    answers = [
        await plan.post(plan.institution, f"{path}/submission"),
        await plan.post(plan.centre, f"{path}/decisions", decisions),
        await plan.post(plan.centre, f"{path}/approval"),
        await plan.post(plan.centre, f"{path}/return", {"reason": "不行"}),
    ]
    async with plan.client(plan.institution) as http:
        answers.append(await http.put(f"{path}/rows", json={}))
    assert {answer.status_code for answer in answers} == {409}
    assert (await plan.get(plan.centre, path)).json() == before


async def test_the_database_itself_keeps_an_approved_roster(plan: Plan):
    await plan.approve(await plan.reviewed(plan.class_id, [1]))
    for change in (
        update(Roster).values(status="draft"),
        update(RosterRow).values(decision="reject"),
        delete(RosterRow),
        text("delete from rosters"),
    ):
        with pytest.raises(DBAPIError, match=r"never (changes|deleted)"):
            async with plan.world.database.write() as session:
                await session.execute(change, execution_options={"synchronize_session": False})


async def test_a_stale_version_is_refused_before_anything_changes(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    async with plan.client(plan.institution) as http:
        stale = await http.post(f"/v1/rosters/{roster['id']}/submission", headers={"If-Match": '"7"'})
        assert stale.status_code == 412
        shown = await http.get(f"/v1/rosters/{roster['id']}")
    assert (shown.json()["status"], shown.headers["etag"]) == ("draft", '"1"')


async def test_who_may_not_see_a_trainee_sees_no_roster(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    for stranger in (plan.rival, plan.zhejiang, plan.ningbo):
        assert (await plan.get(stranger, f"/v1/rosters/{roster_id}")).status_code == 404
        assert (await plan.get(stranger, f"/v1/rosters/{roster_id}/rows")).status_code == 404
    for blind in ("operator", "evaluator"):
        async with client(plan.world.app, blind, organisation_id="one") as http:
            assert (await http.get(f"/v1/rosters/{roster_id}")).status_code == 404
