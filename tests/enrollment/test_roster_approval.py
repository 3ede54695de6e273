"""Approving rosters: whom it enrols, who counts, what never changes again."""

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.rosters.models import Roster, RosterRow
from shared.events.enrollment import EnrolmentState, RosterApproved, RosterState
from tests.support.nominees import Plan, kind_of, nominee

APPROVED, STATE = RosterApproved.TYPE, RosterState.state_type()


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
