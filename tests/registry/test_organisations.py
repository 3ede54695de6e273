"""Organisations and offices over HTTP."""

from typing import Any

import pytest

from tests.support.evaluations import join
from tests.support.registry_world import World, problem, refusal


def named(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name_zh": name, "name_en": name, **more}


async def register(world: World, *items: dict[str, Any]) -> list[dict[str, Any]]:
    return await world.bulk("/v1/organisations", *items, by="operator")


@pytest.mark.clause("C02")
async def test_a_department_is_found_by_its_whole_code_and_never_by_its_beginning(world: World):
    found = (await world.act("GET", "/v1/organisations?code=330000")).json()["items"]
    assert [one["name_zh"] for one in found] == ["浙江省主管部门"]
    assert (await world.act("GET", "/v1/organisations?code=33")).json()["items"] == []


@pytest.mark.clause("C02", "C03")
async def test_a_refused_item_leaves_the_others_standing(world: World):
    results = await register(
        world,
        named("institution", "己大学"),
        named("department", "再一个宁波", code="330200"),
        named("department", "无代码"),
        named("institution", "甲大学"),
        named("bureau", "第二个局"),
        named("operator", "冒充者"),
        named("nonsense", "无类"),
        named("institution", "庚大学"),
    )
    assert [result["status"] for result in results] == [201, 409, 422, 409, 409, 422, 422, 201]
    assert [refusal(result) for result in results[1:7]] == [
        "code-taken",
        "department-code-missing",
        "organisation-name-taken",
        "kind-already-held",
        "organisation-kind-unknown",
        "organisation-kind-unknown",
    ]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/items/1/code"


@pytest.mark.clause("C14", "Q5")
async def test_a_member_body_hangs_below_a_federation_of_its_kind_and_has_no_members(world: World):
    below = named("institution", "下属协会", parent_id=world.ids["甲大学"])
    child = (await register(world, below))[0]["value"]
    assert child["parent_id"] == world.ids["甲大学"]
    refused = await register(
        world,
        named("institution", "再下一级", parent_id=child["id"]),
        named("service_body", "异类", parent_id=world.ids["甲大学"]),
        named("institution", "无上级", parent_id="01890a5d-ac96-774b-bcce-b302099a8057"),
    )
    assert [refusal(one) for one in refused] == [
        "parent-is-nested",
        "parent-of-other-kind",
        "organisation-unknown",
    ]


@pytest.mark.clause("C18")
async def test_an_office_is_hosted_by_an_organisation_and_its_code_is_taken_once(world: World):
    office = {"code": "coordination_office", "name_zh": "又一", "name_en": "Again"}
    results = await world.bulk(
        "/v1/offices",
        {**office, "host_id": world.ids["人才交流中心"]},
        {**office, "code": "new_office", "host_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
        by="operator",
    )
    assert [refusal(one) for one in results] == ["office-code-taken", "organisation-unknown"]
    listed = (await world.act("GET", "/v1/offices")).json()["items"]
    assert [office["code"] for office in listed] == ["coordination_office"]


@pytest.mark.parametrize("kind", ["department", "institution", "talent_exchange_centre"])
async def test_only_operator_and_bureau_register(empty: World, kind: str):
    answer = await empty.act("POST", "/v1/organisations", {"items": [named("institution", "辛")]}, by=kind)
    assert problem(answer, 403) == "caller-not-allowed"
    assert problem(await empty.act("GET", "/v1/organisations", by="anonymous"), 401) == "sign-in-required"


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"kind": "institution"},
        named("institution", ""),
        named("institution", "空\x00"),
        named("department", "短码", code="33"),
        named("institution", "多余", colour="red"),
        named("institution", "坏上级", parent_id="x"),
        "text",
    ],
)
async def test_a_malformed_item_refuses_the_whole_request(empty: World, item: Any):
    good = named("institution", "好大学")
    answer = await empty.act("POST", "/v1/organisations", {"items": [good, item]}, by="operator")
    assert problem(answer, 422) == "invalid-request"
    assert answer.json()["errors"][0]["pointer"].startswith("/items/1")
    assert (await empty.act("GET", "/v1/organisations")).json()["items"] == []


async def test_pages_follow_each_other(world: World):
    path = "/v1/organisations?limit=4"
    names: list[str] = []
    while path:
        page = (await world.act("GET", path)).json()
        names += [one["name_zh"] for one in page["items"]]
        path = page["next"] and f"/v1/organisations?limit=4&after={page['next']}"
    assert sorted(names) == sorted(world.ids)


async def test_each_registration_is_stated_once(world: World):
    stated = await world.stated("registry.organisation")
    assert {one["data"]["name_zh"] for one in stated} == set(world.ids)
    assert {one["aggregateversion"] for one in stated} == {1}


@pytest.mark.clause("C03", "C14")
async def test_an_organisation_takes_new_names_as_a_new_version_and_keeps_its_place(world: World):
    identifier = world.ids["甲大学"]
    path = f"/v1/organisations/{identifier}"
    body = {"name_zh": "甲科技大学", "name_en": "First"}
    assert (await world.act("POST", f"{path}/amendment", body, If_Match='"7"')).status_code == 412
    amended = await world.act("POST", f"{path}/amendment", body, If_Match='"1"')
    assert amended.status_code == 200, amended.text
    assert (await world.act("GET", path)).json() == amended.json()
    assert (amended.json()["name_zh"], amended.json()["version"]) == ("甲科技大学", 2)
    stated = [one for one in await world.stated("registry.organisation") if one["data"]["id"] == identifier]
    assert [(one["aggregateversion"], one["data"]["name_zh"]) for one in stated] == [
        (1, "甲大学"),
        (2, "甲科技大学"),
    ]
    taken = await world.act("POST", f"{path}/amendment", {**body, "name_zh": "乙大学"})
    assert problem(taken, 409) == "organisation-name-taken"
    assert (await world.act("GET", path)).json()["version"] == 2
    nobody = "/v1/organisations/01890a5d-ac96-774b-bcce-b302099a8057/amendment"
    assert problem(await world.act("POST", nobody, body), 404) == "organisation-unknown"


@pytest.mark.clause("C14", "Q5")
async def test_the_member_bodies_of_a_federation_are_listed(world: World):
    await join(world, "设计协会", "电器协会", of="联合会")
    listed = await world.act("GET", f"/v1/organisations?parent_id={world.ids['联合会']}", by="甲大学")
    assert [one["name_zh"] for one in listed.json()["items"]] == ["设计协会", "电器协会"]
