"""A merge and another command about the same people at the same instant: one waits, and nothing is lost."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.enrollment.duplicates.merging import merge_persons
from services.enrollment.duplicates.schemas import MergePersons
from services.enrollment.learning.commands import record_attendance
from services.enrollment.learning.schemas import RecordAttendance
from services.enrollment.nominations.commands import nominate
from services.enrollment.nominations.schemas import Nominate
from services.enrollment.rosters.approval import approve_roster
from shared.caller import Caller
from tests.support.databases import until_somebody_waits
from tests.support.enrollment_world import NOW
from tests.support.merging import SECOND, merge, picture, put_forward
from tests.support.nominees import IN_TIME, Plan, nominee


async def under_way(
    plan: Plan, first: Callable[[Any], Coroutine[Any, Any, Any]], then: Coroutine[Any, Any, Any]
) -> Any:
    """Do the first in a transaction that stays open until the other waits for it; give the other's answer."""
    db = plan.world.database
    async with db.write() as session:
        await first(session)
        asked = asyncio.create_task(then)
        await until_somebody_waits(db)
        assert not asked.done()
    return await asked


def merging(plan: Plan, survivor_id: str, retired_id: str) -> Callable[[Any], Coroutine[Any, Any, Any]]:
    bureau = Caller(principal="bureau", organisation_id=plan.bureau, kind="bureau")
    asked = MergePersons(survivor_id=survivor_id, retired_id=retired_id, reason="同一人")
    return lambda session: merge_persons(session, bureau, asked, IN_TIME)


async def check_whole(plan: Plan) -> None:
    """Check that nothing stands for a retired person but what a merge leaves there, and one head for each."""
    seen = await picture(plan)
    retired = {one for one, survivor in seen["persons"].items() if survivor}
    assert retired
    assert {person for _, person, status, _ in seen["nominations"] if status == "nominated"}.isdisjoint(
        retired
    )
    assert {person for _, person, _, _ in seen["enrolments"]}.isdisjoint(retired)
    held = {enrolment_id for _, _, enrolment_id in seen["heads"]}
    assert held == {one for one, _, _, head in seen["enrolments"] if head}
    assert Counter(person for _, person, _ in seen["heads"]) == Counter(
        {person for _, person, status, _ in seen["enrolments"] if status not in {"withdrawn", "merged"}}
    )


@pytest.mark.clause("C34")
async def test_a_nomination_that_waited_for_a_merge_is_asked_for_again_and_names_the_survivor(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    other = await plan.another_class()
    item = {"items": [nominee(other, 2)]}
    answer = await under_way(
        plan, merging(plan, survivor, retired), plan.post(plan.rival, "/v1/nominations", item)
    )
    if plan.world.database.dialect == "postgresql":
        assert answer.json()["type"].endswith("concurrent-change")
    assert await put_forward(plan, other, 2, by=plan.rival) == survivor
    await check_whole(plan)


async def test_a_merge_waits_for_a_nomination_that_is_under_way_and_takes_it_over(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    sealer = plan.world.app.state.sealer
    again = Nominate.model_validate(nominee(plan.class_id, 2))
    home = Caller(principal="home", organisation_id=plan.zhejiang, kind="department")
    answer = await under_way(
        plan,
        lambda session: nominate(session, home, sealer, [again], IN_TIME),
        merge(plan, survivor, retired),
    )
    assert answer.status_code == 201, answer.text
    stays = (await picture(plan))["nominations"][0]
    assert set(stays[3]) == {"institution_selected", "department_recommended"}
    await check_whole(plan)


async def test_a_merge_that_waited_for_a_nomination_to_a_further_class_is_asked_for_again(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    other = await plan.another_class()
    rival = Caller(principal="rival", organisation_id=plan.rival, kind="institution")
    sealer = plan.world.app.state.sealer
    item = Nominate.model_validate(nominee(other, 2))
    answer = await under_way(
        plan,
        lambda session: nominate(session, rival, sealer, [item], IN_TIME),
        merge(plan, survivor, retired),
    )
    if plan.world.database.dialect == "postgresql":
        assert answer.json()["type"].endswith("concurrent-change")
        answer = await merge(plan, survivor, retired)
    assert answer.status_code == 201, answer.text
    await check_whole(plan)


async def awaiting(plan: Plan) -> tuple[str, str, str]:
    """Enrol one person, and bring a second one to the point where its roster waits for its approval."""
    await plan.trainees(plan.class_id, [1])
    other = await plan.another_class()
    retired = await put_forward(plan, other, 2, by=plan.rival, **SECOND)
    roster_id = await plan.submitted(other, plan.rival)
    await plan.decide(roster_id, [(1, "approve")])
    [first] = await plan.enrolments(plan.class_id)
    return first["person"]["id"], retired, roster_id


@pytest.mark.clause("Q7")
async def test_an_approval_waits_for_a_merge_and_enrols_the_survivor_without_a_second_head(plan: Plan):
    survivor, retired, roster_id = await awaiting(plan)
    answer = await under_way(plan, merging(plan, survivor, retired), plan.approve(roster_id))
    assert answer.status_code == 200, answer.text
    assert [person for _, person, _, _ in (await picture(plan))["enrolments"]] == [survivor, survivor]
    await check_whole(plan)


@pytest.mark.clause("Q7")
async def test_a_merge_waits_for_an_approval_and_takes_the_second_head_away(plan: Plan):
    survivor, retired, roster_id = await awaiting(plan)
    reviewer = Caller(principal="reviewer", organisation_id=plan.centre, kind="talent_exchange_centre")
    answer = await under_way(
        plan,
        lambda session: approve_roster(session, reviewer, roster_id, IN_TIME, None),
        merge(plan, survivor, retired),
    )
    assert answer.status_code == 201, answer.text
    assert len((await picture(plan))["heads"]) == 1
    await check_whole(plan)


async def test_a_withdrawal_that_waited_for_a_merge_is_asked_for_again(plan: Plan):
    survivor, retired, roster_id = await awaiting(plan)
    await plan.approve(roster_id)
    enrolment_id = next(one for one, person, _, _ in (await picture(plan))["enrolments"] if person == retired)
    answer = await under_way(plan, merging(plan, survivor, retired), plan.withdraw(enrolment_id, plan.rival))
    if plan.world.database.dialect == "postgresql":
        assert answer.json()["type"].endswith("concurrent-change")
        answer = await plan.withdraw(enrolment_id, plan.rival)
    assert answer.status_code == 200, answer.text
    await check_whole(plan)


async def two_in_a_class(plan: Plan) -> tuple[list[str], str, str, str]:
    """Enrol two persons in one class and hold a session for both; tell enrolments, persons and session."""
    enrolments = await plan.trainees(plan.class_id, [1, 2])
    survivor, retired = [one["person"]["id"] for one in await plan.enrolments(plan.class_id)]
    item = {"class_id": plan.class_id, "title": "战略", "mode": "classroom", "method": "lecture"}
    item |= {"starts_at": "2023-03-02T01:00:00Z", "minutes": 100}
    made = await plan.post(plan.institution, "/v1/sessions", {"items": [item]})
    return enrolments, survivor, retired, str(made.json()["results"][0]["value"]["id"])


@pytest.mark.clause("Q7")
async def test_attendance_that_waited_for_two_trainees_to_be_joined_counts_nobody_twice(plan: Plan):
    [kept, ended], survivor, retired, session_id = await two_in_a_class(plan)
    items = [{"enrolment_id": one, "minutes": 100} for one in (kept, ended)]
    async with plan.world.as_(plan.institution) as http:
        said = http.post(f"/v1/sessions/{session_id}/attendance", json={"items": items})
        answer = await under_way(plan, merging(plan, survivor, retired), said)
    assert [one["status"] for one in answer.json()["results"]] == [201, 409]
    learnt = (await picture(plan))["learnt"]
    assert [(row["enrolment_id"], row["minutes"]) for row in learnt["attendance"]] == [(kept, 100)]
    assert [row["attended"] for row in learnt["sessions"]] == [1]
    await check_whole(plan)


@pytest.mark.clause("Q7")
async def test_two_trainees_are_joined_after_the_attendance_that_is_under_way(plan: Plan):
    [kept, ended], survivor, retired, session_id = await two_in_a_class(plan)
    lead = Caller(principal="lead", organisation_id=plan.institution, kind="institution")
    said = [RecordAttendance(enrolment_id=kept, minutes=30), RecordAttendance(enrolment_id=ended, minutes=90)]
    answer = await under_way(
        plan,
        lambda session: record_attendance(session, lead, session_id, said, NOW),
        merge(plan, survivor, retired),
    )
    assert answer.status_code == 201, answer.text
    learnt = (await picture(plan))["learnt"]
    assert [(row["enrolment_id"], row["minutes"]) for row in learnt["attendance"]] == [(kept, 90)]
    assert [row["attended"] for row in learnt["sessions"]] == [1]
    await check_whole(plan)


@pytest.mark.clause("Q7")
async def test_two_trainees_are_joined_and_withdrawn_at_once_without_a_head_too_many_or_too_few(plan: Plan):
    [kept, _], survivor, retired, _ = await two_in_a_class(plan)
    answer = await under_way(plan, merging(plan, survivor, retired), plan.withdraw(kept))
    assert answer.status_code == 200, answer.text
    assert sorted(status for _, _, status, _ in (await picture(plan))["enrolments"]) == [
        "merged",
        "withdrawn",
    ]
    await check_whole(plan)


async def test_of_many_merges_of_the_same_two_both_ways_one_is_done(plan: Plan):
    one, other = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    answers = await asyncio.gather(*(merge(plan, *pair) for pair in [(one, other), (other, one)] * 4))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    await check_whole(plan)
