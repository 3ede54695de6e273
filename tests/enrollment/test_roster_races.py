"""Approvals at the same instant: one roster many times, one person in two rosters."""

import asyncio
from collections import Counter

import pytest

from shared.events.enrollment import EnrolmentState, RosterApproved, RosterState
from tests.support.nominees import Plan, nominee


async def test_fifty_approvals_at_once_make_one_fact_and_one_trainee_each(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, range(1, 21))
    answers = await asyncio.gather(*(plan.approve(roster_id, f"reviewer-{number}") for number in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
    losers = [answer.json() for answer in answers if answer.status_code == 409]
    assert {one["type"] for one in losers} == {"urn:lingjun:problem:roster-not-submitted"}
    assert {one["state"] for one in losers} == {"approved"}
    assert len(await plan.world.told(RosterApproved.TYPE)) == 1
    assert len(await plan.world.told(EnrolmentState.state_type())) == 20
    versions = [one.version for one in await plan.world.told(RosterState.state_type())]
    assert versions == list(range(1, len(versions) + 1))


@pytest.mark.clause("Q7")
async def test_two_rosters_with_one_person_at_once_count_once_and_tell_the_loser_the_row(plan: Plan):
    for first in (1, 11, 21):
        shared_person = first + 2
        ours = await plan.another_class(lead_id=plan.institution)
        theirs = await plan.another_class()
        places = {
            await plan.reviewed(ours, [first, first + 1, shared_person]): 3,
            await plan.reviewed(theirs, [shared_person, first + 3], plan.rival): 1,
        }
        answers = await asyncio.gather(*(plan.approve(roster_id) for roster_id in places))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [refused] = [answer.json() for answer in answers if answer.status_code == 409]
        assert refused["type"] == "urn:lingjun:problem:person-already-enrolled"
        assert refused["positions"] == [places[refused["roster_id"]]]
    facts = await plan.world.told(RosterApproved.TYPE)
    heads = [row["person_id"] for fact in facts for row in fact.data["rows"] if row["head"]]
    assert len(facts) == 3
    assert len(heads) == len(set(heads))


@pytest.mark.clause("Q7")
async def test_two_rosters_of_the_same_people_in_opposite_order_do_not_wait_in_a_circle(plan: Plan):
    other = await plan.another_class()
    people = list(range(1, 301))
    reason = {"second_enrolment_reason": "两个主题均为企业所需"}
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one, **reason) for one in people))
    await plan.nominate(plan.rival, *(nominee(other, one, **reason) for one in reversed(people)))
    rosters = [await plan.submitted(plan.class_id), await plan.submitted(other, plan.rival)]
    for roster_id in rosters:
        await plan.decide(roster_id, [(position, "approve") for position in people])
    answers = await asyncio.gather(*(plan.approve(roster_id) for roster_id in rosters))
    assert [answer.status_code for answer in answers] == [200, 200]
    heads = Counter(
        row["person_id"]
        for fact in await plan.world.told(RosterApproved.TYPE)
        for row in fact.data["rows"]
        if row["head"]
    )
    assert set(heads.values()) == {1}
    assert len(heads) == len(people)


async def test_two_drafts_at_once_make_one_roster(plan: Plan):
    body = {"class_id": plan.class_id}
    answers = await asyncio.gather(*(plan.post(plan.institution, "/v1/rosters", body) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    losers = {answer.json()["type"] for answer in answers if answer.status_code == 409}
    assert losers == {"urn:lingjun:problem:roster-already-open"}


async def test_an_idempotency_key_makes_a_repeated_approval_the_first_answer(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    path, headers = f"/v1/rosters/{roster_id}/approval", {"Idempotency-Key": "approval-of-one"}
    async with plan.client(plan.centre) as http:
        answers = await asyncio.gather(*(http.post(path, headers=headers) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(await plan.world.told(RosterApproved.TYPE)) == 1
