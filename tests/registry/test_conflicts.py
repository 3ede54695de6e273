"""Who holds an act over the training and teaches in it is flagged, and refused nothing."""

from typing import Any

import pytest

from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.registry_world import (
    CYCLE,
    EARLIER,
    World,
    approved,
    designation,
    document_of,
    drafted,
    problem,
)

TOPIC: dict[str, Any] = {
    "kind": "special_topic",
    "special_topic": "digital_empowerment",
    "institution_ids": [],
}
CENTRE, PROMOTION = "人才交流中心", "发展促进中心"


async def conflicts(world: World, cycle_id: str = EARLIER, by: str = "部中小企业局") -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/conflicts?cycle_id={cycle_id}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def designate_promotion(world: World, cycle_id: str = EARLIER, kind: str = "region") -> dict[str, Any]:
    given = designation(world, PROMOTION, cycle_id=cycle_id, class_kinds=[kind])
    (result,) = await world.bulk("/v1/designations", given, by=CENTRE)
    assert result["status"] == 201, result
    return result["value"]


@pytest.mark.clause("C03", "C13", "Q12")
async def test_who_tracks_and_is_designated_is_flagged_and_not_refused(world: World):
    assert await conflicts(world) == []
    made = await designate_promotion(world)
    assert made["conflicts"] == ["tracks_and_teaches"]
    (one,) = await conflicts(world)
    assert (one["organisation_id"], one["designation_id"]) == (world.ids[PROMOTION], made["id"])
    assert [(why["code"], why["act"]) for why in one["reasons"]] == [("tracks_and_teaches", "track")]
    assert one["classes"] == []
    shown = (await world.act("GET", f"/v1/designations/{made['id']}", by="anonymous")).json()
    assert shown["conflicts"] == ["tracks_and_teaches"]


@pytest.mark.clause("C03", "Q12")
async def test_the_same_body_is_not_flagged_where_the_pack_lets_others_track(world: World):
    made = await designate_promotion(world, CYCLE, "theme")
    assert made["conflicts"] == []
    assert await conflicts(world, CYCLE) == []


@pytest.mark.clause("C16", "Q12")
async def test_who_tracks_and_leads_or_teaches_a_class_is_flagged_with_it(designated: World):
    taught = await approved(designated, title_zh="甲班")
    await drafted(designated, CENTRE, **TOPIC)
    assert await conflicts(designated, CYCLE) == []
    led = await approved(designated, CENTRE, **TOPIC)
    (one,) = await conflicts(designated, CYCLE)
    assert [(held["class_id"], held["roles"]) for held in one["classes"]] == [(led, ["lead"])]
    assert one["designation_id"] is None
    shown = [(await designated.act("GET", f"/v1/classes/{one}")).json() for one in (led, taught)]
    assert [whole["conflicts"] for whole in shown] == [["tracks_and_teaches"], []]


@pytest.mark.clause("C03", "C18", "Q12")
async def test_who_hosts_the_office_that_holds_the_act_is_flagged_as_well(world: World):
    document = document_of(EARLIER)
    duties = [one for one in document["responsibilities"] if one["act"] != "decide_ties"]
    held = {"act": "decide_ties", "holders": [{"office": "coordination_office"}], "decision": ["Q17"]}
    body = {"document": {**document, "responsibilities": [*duties, held]}, "reason": "更正"}
    revised = await world.act("POST", f"/v1/policy-packs/{EARLIER}/revisions", body)
    assert revised.status_code == 201, revised.text
    given = designation(world, CENTRE, cycle_id=EARLIER, class_kinds=["region"])
    (made,) = await world.bulk("/v1/designations", given, by=CENTRE)
    assert made["value"]["conflicts"] == ["tracks_and_teaches", "decides_ties_and_teaches"]


async def test_who_tracks_sees_all_flags_and_an_organisation_its_own(world: World):
    await designate_promotion(world)
    for by in ("部中小企业局", CENTRE, PROMOTION):
        assert len(await conflicts(world, by=by)) == 1, by
    assert await conflicts(world, by="甲大学") == []
    refused = await world.act("GET", f"/v1/conflicts?cycle_id={EARLIER}", by="anonymous")
    assert problem(refused, 401) == "sign-in-required"
    unknown = await world.act("GET", "/v1/conflicts?cycle_id=miit-sme-leaders.none")
    assert problem(unknown, 404) == "cycle-unknown"


async def test_the_statements_do_not_grow_with_the_classes(designated: World):

    async def cost() -> int:
        with counted(designated.database, ClassState) as cost:
            await conflicts(designated, CYCLE)
        return cost.statements

    await approved(designated, CENTRE, **TOPIC)
    few = await cost()
    for _ in range(3):
        await approved(designated, CENTRE, **TOPIC)
    assert await cost() == few
