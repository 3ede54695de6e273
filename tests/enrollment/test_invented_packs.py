"""A cycle that nobody has seen, in enrollment: its own channel, checks, declarations, reviewer and floors."""

from pathlib import Path
from typing import Any

import pytest

from shared.events.policy import load_pack
from tests.support.enrollment_world import World
from tests.support.nominees import Plan, nominee, uscc

HARBOUR = Path(__file__).parents[1] / "policy" / "packs" / "invented-harbour.yaml"


async def _harbour(world: World) -> Plan:
    """Bring the harbour cycle with a harbour authority that leads a class, and a transport enterprise."""
    cycle_id = await world.cycle(load_pack(HARBOUR.read_text(encoding="utf-8")))
    bureau = await world.organisation("bureau", "中小企业局")
    department = await world.organisation("department", "浙江", "330000")
    harbour = await world.organisation("harbour_authority", "甲港")
    class_id = await world.course(cycle_id, harbour, department, kind="harbour", institution_ids=[])
    plan = Plan(world, cycle_id, bureau, bureau, department, department, harbour, harbour, class_id)
    for number, industry in ((1, "5532"), (2, "3824")):
        stated = {"uscc": uscc(number), "name": f"演练企业{number}", "department_id": department}
        body = {**stated, "industry_code": industry, "employees": 200, "revenue_wan": "3000"}
        answer = await plan.post(department, "/v1/enterprises", {"items": [body]})
        assert answer.json()["results"][0]["status"] == 201, answer.text
    return plan


def _captain(plan: Plan, number: int, **differs: Any) -> dict[str, Any]:
    plain = nominee(plan.class_id, number, target_group="captain", evidence={}, declarations=["integrity"])
    return {**plain, **differs}


@pytest.mark.clause("C01", "C34", "C37")
async def test_a_harbour_names_its_captains_and_the_bureau_reviews_them(world: World):
    plan = await _harbour(world)
    (kept,) = await plan.nominate(plan.institution, _captain(plan, 1))
    assert kept["status"] == 201, kept
    assert [credit["channel"] for credit in kept["value"]["credits"]] == ["harbour_named"]
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve")])
    approved = await plan.approve(roster_id)
    assert approved.status_code == 200, approved.text
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert progress["heads"] == 1
    floors = {one["code"]: (one["numerator"], one["reached"]) for one in progress["floors"]}
    assert floors == {"green_persons": (0, False), "small_share": (1, True)}


@pytest.mark.clause("C01", "C34")
async def test_what_the_harbour_does_not_take_is_refused_by_its_own_checks(world: World):
    plan = await _harbour(world)
    person = nominee(plan.class_id, 2)["person"]
    asked: tuple[tuple[dict[str, Any], str], ...] = (
        ({"declarations": []}, "integrity"),
        ({"person": {**person, "post": "顾问"}}, "first_in_command"),
        ({"enterprise_uscc": uscc(2)}, "harbour_trade"),
    )
    for differs, code in asked:
        (refused,) = await plan.nominate(plan.institution, _captain(plan, 2, **differs))
        assert [one["code"] for one in refused["problem"]["findings"]] == [code]
    (unknown,) = await plan.nominate(plan.institution, _captain(plan, 2, target_group="leading_sme"))
    assert unknown["problem"]["type"].endswith("concept-absent")
    (stranger,) = await plan.nominate(plan.zhejiang, _captain(plan, 2))
    assert stranger["problem"]["type"].endswith("nominator-has-no-role")
