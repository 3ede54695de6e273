"""A claim and a withdrawal of one person at the same instant: one head is left, never two or none (Q7)."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from services.enrollment.departures.withdrawal import withdraw_trainee
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.rosters.approval import approve_roster
from shared.caller import Caller
from shared.events.enrollment import EnrolmentState, TraineeWithdrawn
from tests.support.databases import until_somebody_waits
from tests.support.nominees import IN_TIME, Plan, nominee

REASON = {"second_enrolment_reason": "两个主题均为企业所需"}


async def awaiting(plan: Plan, numbers: list[int]) -> tuple[str, str]:
    """Bring a second class of these people to the point where its roster waits for its approval."""
    other = await plan.another_class()
    await plan.nominate(plan.rival, *(nominee(other, number, **REASON) for number in numbers))
    roster_id = await plan.submitted(other, plan.rival)
    await plan.decide(roster_id, [(position, "approve") for position in range(1, len(numbers) + 1)])
    return other, roster_id


async def check_heads(plan: Plan) -> None:
    """Compare the heads with the people who stand, and the flags with the heads."""
    async with plan.world.database.read() as session:
        enrolments = list(await session.scalars(select(Enrolment)))
        held = dict((await session.execute(select(Head.person_id, Head.enrolment_id))).all())
    assert set(held) == {one.person_id for one in enrolments if one.status != "withdrawn"}
    assert {one.id for one in enrolments if one.head} == set(held.values())
    told = Counter[tuple[str, int]](
        (one.subject, one.version) for one in await plan.world.told(EnrolmentState.state_type())
    )
    assert told == Counter(
        (f"enrollment.enrolment/{one.id}", v + 1) for one in enrolments for v in range(one.version)
    )


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


@pytest.mark.clause("Q7")
async def test_a_withdrawal_waits_for_an_approval_that_is_under_way_and_passes_the_head_to_it(plan: Plan):
    [holder] = await plan.trainees(plan.class_id, [1])
    other, roster_id = await awaiting(plan, [1])
    reviewer = Caller(principal="reviewer", organisation_id=plan.centre, kind="talent_exchange_centre")
    answer = await under_way(
        plan,
        lambda session: approve_roster(session, reviewer, roster_id, IN_TIME, None),
        plan.withdraw(holder),
    )
    assert answer.status_code == 200
    [heir] = await plan.enrolments(other)
    assert heir["head"] is True
    await check_heads(plan)


@pytest.mark.clause("Q7")
async def test_an_approval_waits_for_a_withdrawal_that_is_under_way_and_takes_the_head(plan: Plan):
    [holder] = await plan.trainees(plan.class_id, [1])
    other, roster_id = await awaiting(plan, [1])
    lead = Caller(principal="lead", organisation_id=plan.institution, kind="institution")
    answer = await under_way(
        plan,
        lambda session: withdraw_trainee(session, lead, holder, "调离", IN_TIME, None),
        plan.approve(roster_id),
    )
    assert answer.status_code == 200
    assert (await plan.enrolments(other))[0]["head"] is True
    await check_heads(plan)


@pytest.mark.clause("Q7")
async def test_withdrawals_and_an_approval_of_the_same_people_at_once_leave_one_head_each(plan: Plan):
    people = list(range(1, 13))
    holders = await plan.trainees(plan.class_id, people)
    _, roster_id = await awaiting(plan, people[::-1])
    answers = await asyncio.gather(*(plan.withdraw(one) for one in holders), plan.approve(roster_id))
    assert {answer.status_code for answer in answers} == {200}
    facts = await plan.world.told(TraineeWithdrawn.TYPE)
    assert len(facts) == len(people)
    assert all(one.data["head"] for one in facts)
    await check_heads(plan)


async def test_of_many_withdrawals_of_one_trainee_one_is_done(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    answers = await asyncio.gather(*(plan.withdraw(one) for _ in range(8)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert len(await plan.world.told(TraineeWithdrawn.TYPE)) == 1


async def test_a_withdrawal_and_a_replacement_of_one_trainee_at_once_tell_it_once(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    [coming] = await plan.nominate(plan.institution, nominee(plan.class_id, 2))
    roster = (await plan.replace(plan.class_id, [(coming["value"]["id"], one)])).json()
    await plan.hand_in(roster["id"], ["approve"])
    approved, left = await asyncio.gather(plan.approve(roster["id"]), plan.withdraw(one))
    assert approved.status_code == 200
    assert left.status_code in {200, 409}
    assert len(await plan.world.told(TraineeWithdrawn.TYPE)) == 1
    await check_heads(plan)
