"""A closed cycle takes no trainees any more: neither nominations nor rosters, whatever was begun (C01)."""

import httpx
import pytest

from tests.support.enrollment_world import load
from tests.support.nominees import Plan, nominee


async def close(plan: Plan) -> None:
    """Hear that the cycle is closed; the copies of its classes still show them running."""
    await plan.world.cycle(load("2022-2023"), status="closed")


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    return answer.json()["type"].rpartition(":")[2]


@pytest.mark.clause("C01")
async def test_nobody_is_nominated_in_a_closed_cycle(plan: Plan):
    await close(plan)
    items = {"items": [nominee(plan.class_id, 1)]}
    answer = await plan.post(plan.institution, "/v1/nominations", items)
    (result,) = answer.json()["results"]
    assert (result["status"], result["problem"]["type"].rpartition(":")[2]) == (409, "cycle-closed")
    assert result["problem"]["cycle_id"] == plan.cycle_id


@pytest.mark.clause("C01", "C37")
async def test_no_roster_is_drafted_submitted_or_approved_in_a_closed_cycle(plan: Plan):
    reviewed = await plan.reviewed(plan.class_id, [1])
    other = await plan.world.course(plan.cycle_id, plan.institution, plan.zhejiang)
    await plan.nominate(plan.institution, nominee(other, 2))
    begun = await plan.draft(other)
    third = await plan.world.course(plan.cycle_id, plan.institution, plan.zhejiang)
    await close(plan)
    drafting = await plan.post(plan.institution, "/v1/rosters", {"class_id": third})
    submitting = await plan.post(plan.institution, f"/v1/rosters/{begun['id']}/submission")
    for answer in (drafting, submitting, await plan.approve(reviewed)):
        assert refused(answer) == "cycle-closed"
        assert "retry-after" not in answer.headers


async def test_a_roster_of_a_closed_cycle_can_still_be_returned(plan: Plan):
    reviewed = await plan.reviewed(plan.class_id, [1])
    await close(plan)
    answer = await plan.post(plan.centre, f"/v1/rosters/{reviewed}/return", {"reason": "周期已结束"})
    assert (answer.status_code, answer.json()["status"]) == (200, "returned")


async def test_trainees_of_a_closed_cycle_stay_readable(plan: Plan):
    (enrolment_id,) = await plan.trainees(plan.class_id, [1])
    await close(plan)
    assert [one["id"] for one in await plan.enrolments(plan.class_id)] == [enrolment_id]
