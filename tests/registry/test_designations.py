"""Designations over HTTP: who designates whom for what, on which evidence."""

import pytest

from tests.support.registry_world import CYCLE, EARLIER, World, designation, problem, refusal


@pytest.mark.clause("C13")
async def test_a_designation_carries_its_evidence_and_is_public(designated: World):
    listed = await designated.act("GET", f"/v1/designations?cycle_id={CYCLE}", by="anonymous")
    (shown,) = listed.json()["items"]
    assert shown["assessment_reference"] == "评估-01"
    assert shown["status"] == "designated"
    one = await designated.act("GET", f"/v1/designations/{shown['id']}", by="anonymous")
    assert one.json() == shown
    (stated,) = await designated.stated("registry.designation")
    assert stated["data"]["class_kinds"] == ["regional_development", "theme"]


@pytest.mark.clause("C13", "Q17")
async def test_what_stands_in_the_way_of_a_designation_is_named(designated: World):
    results = await designated.bulk(
        "/v1/designations",
        designation(designated, "甲大学"),
        designation(designated, "乙大学", selection_reference=None),
        designation(designated, "乙大学", class_kinds=["special_topic"]),
        designation(designated, "乙大学", class_kinds=["region"]),
        designation(designated, "浙江省主管部门"),
        designation(designated, "乙大学", cycle_id="no.such"),
        designation(designated, "乙大学", institution_id="01890a5d-ac96-774b-bcce-b302099a8057"),
        designation(designated, "发展促进中心"),
        by="人才交流中心",
    )
    assert [refusal(one) for one in results[:-1]] == [
        "already-designated",
        "evidence-missing",
        "kind-takes-no-designation",
        "concept-absent",
        "kind-never-teaches",
        "cycle-unknown",
        "organisation-unknown",
    ]
    assert results[-1]["status"] == 201


@pytest.mark.clause("C18", "Q17")
async def test_who_designates_is_read_from_the_pack_of_the_cycle(world: World):
    body = {"items": [designation(world, "甲大学")]}
    for name in ("部中小企业局", "甲大学", "浙江省主管部门"):
        answer = await world.act("POST", "/v1/designations", body, by=name)
        (result,) = answer.json()["results"]
        assert refusal(result) == "act-not-held"

    earlier = designation(world, "甲大学", cycle_id=EARLIER, class_kinds=["region"])
    world.offices.clear()
    assert refusal((await world.bulk("/v1/designations", earlier, by="人才交流中心"))[0]) == "act-not-held"
    world.offices["人才交流中心"] = frozenset({"coordination_office"})
    assert (await world.bulk("/v1/designations", earlier, by="人才交流中心"))[0]["status"] == 201


async def test_the_public_does_not_designate(world: World):
    answer = await world.act("POST", "/v1/designations", {"items": []}, by="anonymous")
    assert problem(answer, 401) == "sign-in-required"


async def test_nobody_acts_in_a_cycle_that_is_not_active(empty: World):
    unknown = "01890a5d-ac96-774b-bcce-b302099a8057"
    item = {"cycle_id": CYCLE, "institution_id": unknown, "class_kinds": ["theme"]}
    (result,) = await empty.bulk("/v1/designations", item, by="talent_exchange_centre")
    assert refusal(result) == "cycle-unknown"
