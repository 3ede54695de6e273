"""What a suspension does to the classes of the barred cycle: those not running yet go back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.evaluations import (
    FIRST_ROUND,
    NEXT,
    decided,
    designate_next,
    hear,
    load_next,
    suspensions_of,
)
from tests.support.registry_world import CYCLE, World, approved, drafted, plan, problem, step

FIRST_DAY = datetime(2023, 1, 9, 16, 0, tzinfo=UTC)
LAST_DAY = datetime(2023, 6, 29, 16, 0, tzinfo=UTC)


@pytest.fixture
async def planning(designated: World) -> World:
    """Open the cycle that follows, with both institutions designated in it."""
    await load_next(designated, active=True)
    await designate_next(designated, "甲大学", "乙大学")
    return designated


async def shown(world: World, class_id: str) -> dict[str, Any]:
    return (await world.act("GET", f"/v1/classes/{class_id}")).json()


@pytest.mark.clause("C39", "Q9", "Q14")
async def test_classes_not_yet_running_are_returned_and_all_others_stand(planning: World):
    drafting = await drafted(planning, cycle_id=NEXT)
    filed = await drafted(planning, cycle_id=NEXT)
    await step(planning, filed, "filing", "甲大学")
    await step(planning, filed, "agreement", "人才交流中心")
    settled = await approved(planning, cycle_id=NEXT)
    running = await approved(planning, cycle_id=NEXT)
    await step(planning, running, "start", "甲大学", now=FIRST_DAY)
    rival = await approved(planning, "乙大学", cycle_id=NEXT, institution_ids=[planning.ids["乙大学"]])
    evaluated = await approved(planning)

    await hear(planning, decided(planning.ids["甲大学"]))
    statuses = {
        one: (await shown(planning, one))["status"]
        for one in (drafting, filed, settled, running, rival, evaluated)
    }
    assert list(statuses.values()) == ["draft", "returned", "returned", "running", "approved", "approved"]
    for returned in (filed, settled):
        view = await shown(planning, returned)
        assert FIRST_ROUND in view["reason"]
        assert not view["plan_agreed"]
        assert view["approved_at"] is None
    stated = [one for one in await planning.stated("registry.class") if one["data"]["id"] == settled]
    assert [one["aggregateversion"] for one in stated] == list(range(1, len(stated) + 1))
    assert stated[-1]["data"]["status"] == "returned"
    done = await step(planning, running, "finish", "甲大学", now=LAST_DAY)
    assert done.json()["status"] == "finished"


@pytest.mark.clause("C39", "Q14")
async def test_a_returned_class_is_filed_again_once_the_suspension_is_lifted(planning: World):
    class_id = await approved(planning, cycle_id=NEXT)
    await hear(planning, decided(planning.ids["甲大学"]))
    refused = await step(planning, class_id, "filing", "甲大学")
    assert problem(refused, 409) == "institution-suspended"
    (suspension,) = await suspensions_of(planning, "甲大学")
    assert refused.json()["suspension_id"] == suspension["id"]

    lifting = {"reason": "整改合格"}
    await planning.act("POST", f"/v1/suspensions/{suspension['id']}/lifting", lifting)
    assert (await shown(planning, class_id))["status"] == "returned"
    for name, by in (("filing", "甲大学"), ("agreement", "人才交流中心"), ("approval", "人才交流中心")):
        assert (await step(planning, class_id, name, by)).status_code == 200
    assert (await shown(planning, class_id))["reason"] is None


@pytest.mark.clause("C29", "C39")
async def test_a_class_that_a_department_leads_is_returned_with_the_institution_that_teaches_in_it(
    planning: World,
):
    department = "浙江省主管部门"
    class_id = await drafted(planning, department, cycle_id=NEXT, arrangement="commissioned")
    consenting = plan(consenting_ids=[planning.ids["甲大学"]])
    await planning.act("PUT", f"/v1/classes/{class_id}/training-plan", consenting, by=department)
    for name, by in (("filing", department), ("coordination", "部中小企业局")):
        assert (await step(planning, class_id, name, by)).status_code == 200
    await hear(planning, decided(planning.ids["甲大学"]))
    view = await shown(planning, class_id)
    assert (view["status"], view["coordinated"]) == ("returned", False)


@pytest.mark.clause("C16", "C39")
async def test_a_class_for_which_the_pack_asks_no_designation_stands(planning: World):
    class_id = await drafted(
        planning,
        "人才交流中心",
        cycle_id=NEXT,
        kind="special_topic",
        special_topic="specialised_sophisticated",
    )
    consenting = plan(consenting_ids=[planning.ids["甲大学"]])
    await planning.act("PUT", f"/v1/classes/{class_id}/training-plan", consenting, by="人才交流中心")
    assert (await step(planning, class_id, "filing", "人才交流中心")).status_code == 200
    before = await shown(planning, class_id)
    assert before["institution_ids"] == [planning.ids["甲大学"]]
    await hear(planning, decided(planning.ids["甲大学"]))
    assert await shown(planning, class_id) == before


@pytest.mark.clause("Q14")
async def test_the_evaluated_cycle_itself_goes_on(planning: World):
    await hear(planning, decided(planning.ids["甲大学"]))
    class_id = await approved(planning)
    assert (await shown(planning, class_id))["cycle_id"] == CYCLE
