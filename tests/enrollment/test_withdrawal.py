"""Trainees leave a class (Q8); their heads pass to the earliest other enrolment that counts (Q7)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.enrollment.enrolments.models import Enrolment, Head
from shared.events.enrollment import EnrolmentState, RosterState, TraineeWithdrawn
from tests.support.client import client
from tests.support.nominees import IN_TIME, Plan, nominee

REASON = {"second_enrolment_reason": "两个主题均为企业所需"}


def kind_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def heads(plan: Plan) -> dict[str, str]:
    """Read which enrolment holds the head of each person."""
    async with plan.world.database.read() as session:
        held = await session.execute(select(Head.person_id, Head.enrolment_id))
        return dict(held.all())


async def second(plan: Plan, class_id: str, number: int, days: int, lead: str | None = None) -> str:
    """Enrol a person in one more class, so many days later; tell the enrolment."""
    await plan.nominate(lead or plan.rival, nominee(class_id, number, **REASON))
    roster_id = await plan.submitted(class_id, lead or plan.rival)
    await plan.decide(roster_id, [(1, "approve")])
    answer = await plan.approve(roster_id, now=IN_TIME + timedelta(days=days))
    assert answer.status_code == 200, answer.text
    return str((await plan.enrolments(class_id))[-1]["id"])


@pytest.mark.clause("Q7", "Q8")
async def test_who_runs_the_class_withdraws_a_trainee_and_the_head_goes(plan: Plan):
    [first, other] = await plan.trainees(plan.class_id, [1, 2])
    answer = await plan.withdraw(first)
    left = answer.json()
    assert (left["status"], left["head"], left["version"]) == ("withdrawn", False, 2)
    assert (left["withdrawal_reason"], answer.headers["etag"]) == ("调离原单位", '"2"')
    assert left["withdrawn_at"] == "2022-12-01T02:00:00Z"
    assert set((await heads(plan)).values()) == {other}
    progress = await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)
    assert progress.json()["heads"] == 1

    [fact] = await plan.world.told(TraineeWithdrawn.TYPE)
    assert fact.data == {
        "enrolment_id": first,
        "person_id": left["person"]["id"],
        "class_id": plan.class_id,
        "head": True,
        "heir_enrolment_id": None,
        "heir_class_id": None,
        "replaced_by": None,
    }
    assert fact.subject == f"enrollment.enrolment/{first}"
    assert dict(fact.needs) == {f"registry.class/{plan.class_id}": 1, f"registry.cycle/{plan.cycle_id}": 1}
    last = (await plan.world.told(EnrolmentState.state_type()))[-1]
    assert (last.data["id"], last.data["status"], last.version) == (first, "withdrawn", 2)
    assert "调离" not in str([one.data for one in await plan.world.told(TraineeWithdrawn.TYPE)] + [last.data])


@pytest.mark.clause("Q7")
async def test_the_head_passes_to_the_earliest_other_enrolment_that_counts(plan: Plan):
    """Neither a boot camp nor who has left inherits, however early they came."""
    camp = await plan.another_class(kind="boot_camp")
    late, early, gone = [await plan.another_class() for _ in range(3)]
    [holder] = await plan.trainees(plan.class_id, [1])
    await second(plan, camp, 1, days=1)
    last = await second(plan, late, 1, days=4)
    heir = await second(plan, early, 1, days=3)
    assert (await plan.withdraw(await second(plan, gone, 1, days=2), plan.rival)).status_code == 200
    assert (await plan.withdraw(holder)).json()["head"] is False
    shown = (await plan.get(plan.bureau, f"/v1/enrolments/{heir}")).json()
    assert (shown["head"], shown["version"], shown["class_id"]) == (True, 2, early)
    assert list((await heads(plan)).values()) == [heir]
    [without, fact] = await plan.world.told(TraineeWithdrawn.TYPE)
    assert without.data["head"] is False
    assert (fact.data["heir_enrolment_id"], fact.data["heir_class_id"]) == (heir, early)
    assert f"registry.class/{early}" in dict(fact.needs)
    stated = {one.data["id"]: one for one in await plan.world.told(EnrolmentState.state_type())}
    assert (stated[heir].data["head"], stated[heir].version) == (True, 2)
    assert (stated[last].data["head"], stated[last].version) == (False, 1)


@pytest.mark.clause("C26")
async def test_who_leaves_a_class_that_does_not_count_frees_no_head(plan: Plan):
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    [holder] = await plan.trainees(plan.class_id, [1])
    [at_camp] = await plan.trainees(camp, [1])
    assert (await plan.withdraw(at_camp)).status_code == 200
    assert list((await heads(plan)).values()) == [holder]
    assert (await plan.withdraw(holder)).status_code == 200
    assert await heads(plan) == {}


async def test_a_freed_head_is_there_for_another_class(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    await plan.withdraw(one)
    other = await plan.another_class()
    [again] = await plan.trainees(other, [1], plan.rival)
    assert list((await heads(plan)).values()) == [again]


async def test_a_withdrawal_changes_no_roster_and_makes_room(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=1)
    [one] = await plan.trainees(plan.class_id, [1])
    before = (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json()
    told = len(await plan.world.told(RosterState.state_type()))
    await plan.withdraw(one)
    assert (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json() == before
    assert len(await plan.world.told(RosterState.state_type())) == told
    assert len(await plan.trainees(plan.class_id, [2])) == 1


async def test_nobody_leaves_twice_or_after_completion_was_confirmed(plan: Plan):
    [one, other] = await plan.trainees(plan.class_id, [1, 2])
    await plan.withdraw(one)
    again = await plan.withdraw(one)
    assert (again.status_code, kind_of(again), again.json()["state"]) == (
        409,
        "trainee-not-enrolled",
        "withdrawn",
    )
    async with plan.world.database.write() as session:
        await session.execute(update(Enrolment).where(Enrolment.id == other).values(status="completed"))
    assert kind_of(await plan.withdraw(other)) == "trainee-not-enrolled"
    assert len(await plan.world.told(TraineeWithdrawn.TYPE)) == 1


async def test_a_class_that_is_over_keeps_its_trainees(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    for state in ("finished", "cancelled"):
        await plan.world.turn(plan.class_id, status=state)
        answer = await plan.withdraw(one)
        assert (kind_of(answer), answer.json()["state"]) == ("class-not-under-way", state)
        assert answer.headers["retry-after"]
    await plan.world.turn(plan.class_id, status="approved")
    assert (await plan.withdraw(one)).status_code == 200


@pytest.mark.clause("Q11")
async def test_strangers_do_not_find_the_trainee_and_others_who_see_it_may_not_withdraw(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    for seeing in (plan.zhejiang, plan.centre, plan.bureau):
        answer = await plan.withdraw(one, seeing)
        assert (answer.status_code, kind_of(answer)) == (403, "caller-does-not-run-class")
        assert (await plan.get(seeing, f"/v1/enrolments/{one}")).status_code == 200
    for stranger in (plan.rival, plan.ningbo):
        for answer in (
            await plan.withdraw(one, stranger),
            await plan.get(stranger, f"/v1/enrolments/{one}"),
        ):
            assert (answer.status_code, kind_of(answer)) == (404, "enrolment-not-found")
    for blind in ("operator", "evaluator"):
        async with client(plan.world.app, blind, organisation_id=plan.zhejiang) as http:
            assert (await http.get(f"/v1/enrolments/{one}")).status_code == 404
    assert kind_of(await plan.withdraw("nobody")) == "enrolment-not-found"
    await plan.world.turn(plan.class_id, filed_by=plan.ningbo)
    assert (await plan.withdraw(one, plan.ningbo)).status_code == 200


async def test_a_stale_version_is_refused_after_the_caller_and_before_the_state(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    path, body = f"/v1/enrolments/{one}/withdrawal", {"reason": "调离"}
    for caller, status in ((plan.zhejiang, 403), (plan.institution, 412)):
        async with plan.client(caller) as http:
            assert (await http.post(path, json=body, headers={"If-Match": '"7"'})).status_code == status
    shown = (await plan.get(plan.institution, f"/v1/enrolments/{one}")).json()
    assert (shown["status"], shown["version"]) == ("enrolled", 1)
    assert (await plan.post(plan.institution, path, {"reason": "  "})).status_code == 422
