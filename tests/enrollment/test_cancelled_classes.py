"""A class that was called off takes nobody any more, and its trainees leave with their heads (Q7)."""

from datetime import UTC, datetime

import pytest

from services.enrollment.handlers import LISTENER
from shared.events.enrollment import EnrolmentState, TraineeWithdrawn
from shared.events.envelope import Event, aggregate, fact, state
from shared.events.registry import ClassCancelled, ClassState
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.enrollment.test_withdrawal import heads, kind_of, second
from tests.support.enrollment_world import NOW
from tests.support.nominees import Plan, nominee


def called_off(plan: Plan, class_id: str) -> Event:
    """Say that a class was cancelled, in the version that the copy here will have next."""
    subject = aggregate(ClassState.RESOURCE, class_id)
    version = plan.world.versions[class_id] + 1
    body = ClassCancelled(class_id=class_id, cause="too_few_trainees", heads=2)
    return fact(body, subject=subject, at=NOW, cycle=plan.cycle_id, needs=[(subject, version)])


async def hear(plan: Plan, event: Event) -> None:
    await store(plan.world.database, [encode(event)], datetime.now(UTC))
    while await run_due(plan.world.database, LISTENER, datetime.now(UTC)):
        pass


async def cancel(plan: Plan, class_id: str) -> Event:
    """Cancel a class; the fact is heard before the state that it rests on, and waits for it."""
    event = called_off(plan, class_id)
    await hear(plan, event)
    assert {one["status"] for one in await plan.enrolments(class_id)} <= {"enrolled"}
    cancelled = plan.world.classes[class_id].model_copy(update={"status": "cancelled"})
    await hear(plan, state(cancelled, version=plan.world.versions[class_id] + 1, at=NOW))
    return event


@pytest.mark.clause("Q7", "Q8")
async def test_the_trainees_of_a_cancelled_class_leave_and_their_heads_pass_on_or_go(plan: Plan):
    other = await plan.another_class()
    first, lone = await plan.trainees(plan.class_id, [1, 2])
    heir = await second(plan, other, 1, days=1)
    event = await cancel(plan, plan.class_id)
    shown = {one["id"]: one for one in await plan.enrolments(plan.class_id)}
    assert [(shown[one]["status"], shown[one]["head"]) for one in (first, lone)] == [("withdrawn", False)] * 2
    assert "取消" in shown[first]["withdrawal_reason"]
    assert list((await heads(plan)).values()) == [heir]
    told = {one.data["enrolment_id"]: one.data for one in await plan.world.told(TraineeWithdrawn.TYPE)}
    assert {left: one["heir_enrolment_id"] for left, one in told.items()} == {first: heir, lone: None}
    progress = await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)
    assert progress.json()["heads"] == 1

    before = len(await plan.world.told(EnrolmentState.state_type()))
    await hear(plan, event)
    assert len(await plan.world.told(EnrolmentState.state_type())) == before


async def test_a_cancelled_class_takes_neither_nominations_nor_rosters_nor_trainees(plan: Plan):
    reviewed = await plan.reviewed(plan.class_id, [1])
    waiting = await plan.another_class()
    await plan.nominate(plan.rival, nominee(waiting, 2))
    drafted = await plan.draft(waiting, plan.rival)
    empty = await plan.another_class()
    for class_id in (plan.class_id, waiting, empty):
        await cancel(plan, class_id)
    assert kind_of(await plan.approve(reviewed)) == "class-not-approved"
    submission = await plan.post(plan.rival, f"/v1/rosters/{drafted['id']}/submission")
    assert kind_of(submission) == "class-takes-no-rosters"
    roster = await plan.post(plan.rival, "/v1/rosters", {"class_id": empty})
    assert kind_of(roster) == "class-takes-no-rosters"
    (refused,) = await plan.nominate(plan.rival, nominee(empty, 3))
    assert refused["problem"]["type"].endswith(":class-takes-no-nominations")
    assert await plan.world.told(TraineeWithdrawn.TYPE) == []
