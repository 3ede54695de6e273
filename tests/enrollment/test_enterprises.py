"""Enterprises over HTTP: one record per credit code, which its home department owns."""

from typing import Any

import pytest
from stdnum.cn import uscc

from shared.ids import new_id
from tests.support.enrollment_world import World, load


def code(number: int) -> str:
    body = f"91330200MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def item(department_id: str, number: int = 1, **differs: Any) -> dict[str, Any]:
    plain = {
        "uscc": code(number),
        "name": f"演练企业{number}",
        "department_id": department_id,
        "industry_code": "C3824",
        "employees": 300,
        "revenue_wan": 2000,
    }
    return {**plain, **differs}


@pytest.fixture
async def ningbo(world: World) -> str:
    return await world.organisation("department", "宁波市", "330200")


@pytest.fixture
async def institution(world: World) -> str:
    return await world.organisation("institution", "演练大学")


async def state(world: World, by: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
    async with world.as_(by) as http:
        answer = await http.post("/v1/enterprises", json={"items": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def listed(world: World, by: str, **query: str) -> list[str]:
    async with world.as_(by) as http:
        answer = await http.get("/v1/enterprises", params=query)
    return [one["uscc"] for one in answer.json()["items"]]


@pytest.mark.clause("C07", "C10")
async def test_the_home_department_states_an_enterprise_with_industry_size_and_tier(
    world: World, ningbo: str
):
    tier = {
        "code": "little_giant",
        "number": "第三批第12号",
        "recognised_on": "2021-07-19",
        "expires_on": "2024-07-18",
        "edition": "工信部企业〔2022〕63号",
    }
    given = item(ningbo, uscc=code(1).lower(), industry_code="3824", revenue_wan=2000.5, tier=tier)
    [result] = await state(world, ningbo, given)
    view = result["value"]
    assert result["status"] == 201
    assert view["status"] == "confirmed"
    assert (view["uscc"], view["industry_code"], view["industry_section"]) == (code(1), "C3824", "C")
    assert (view["size_class"], view["revenue_wan"]) == ("medium", "2000.5")
    assert view["size_reason"]["missed"] == {"employees": 1000, "revenue_fen": 40_000_000_000}
    assert view["tier"]["number"] == "第三批第12号"
    [told] = await world.told("enrollment.enterprise.state.v1")
    assert (told.version, told.data["tier"], told.data["size_class"]) == (1, "little_giant", "medium")


async def test_who_is_not_the_home_department_proposes_and_its_word_confirms(
    world: World, ningbo: str, institution: str
):
    [proposed] = await state(world, institution, item(ningbo))
    assert (proposed["status"], proposed["value"]["status"]) == (201, "proposed")
    [confirmed] = await state(world, ningbo, item(ningbo))
    assert (confirmed["status"], confirmed["value"]["status"]) == (200, "confirmed")
    [unchanged] = await state(world, institution, item(ningbo, name="别的名字", employees=5))
    assert unchanged["status"] == 202
    assert unchanged["value"] == confirmed["value"]
    versions = [event.version for event in await world.told("enrollment.enterprise.state.v1")]
    assert versions == [1, 2]


async def test_another_department_neither_takes_a_record_over_nor_is_shown_it(world: World, ningbo: str):
    zhejiang = await world.organisation("department", "浙江省", "330000")
    [before] = await state(world, ningbo, item(ningbo))
    [refused, taken] = await state(world, zhejiang, item(zhejiang, name="改名"), item(zhejiang, 2))
    assert (refused["status"], refused["value"]) == (409, None)
    assert refused["problem"]["type"].endswith(":enterprise-of-another-department")
    assert ningbo not in str(refused)
    assert taken["status"] == 201
    [after] = await state(world, ningbo, item(ningbo))
    assert after["value"] == before["value"]


async def test_the_home_department_may_hand_a_record_over_to_be_confirmed_there(world: World, ningbo: str):
    zhejiang = await world.organisation("department", "浙江省", "330000")
    await state(world, ningbo, item(ningbo))
    [handed] = await state(world, ningbo, item(zhejiang))
    assert (handed["value"]["department_id"], handed["value"]["status"]) == (zhejiang, "proposed")


async def test_saying_the_same_again_changes_nothing(world: World, ningbo: str):
    first = await state(world, ningbo, item(ningbo))
    again = await state(world, ningbo, item(ningbo))
    assert again[0]["value"] == first[0]["value"]
    assert len(await world.told("enrollment.enterprise.state.v1")) == 1


async def test_each_wrong_item_is_refused_by_itself_at_its_field(world: World, ningbo: str, institution: str):
    nowhere = new_id()
    results = await state(
        world,
        ningbo,
        item(ningbo, 1),
        item(ningbo, 1),
        item(ningbo, 2, uscc=code(2)[:-1] + ("0" if code(2)[-1] != "0" else "1")),
        item(ningbo, 3, industry_code="C"),
        item(nowhere, 4),
        item(institution, 5),
        item(
            ningbo,
            6,
            tier={
                "code": "x",
                "number": "1",
                "edition": "e",
                "recognised_on": "2021-07-19",
                "expires_on": "2021-07-19",
            },
        ),
        item(ningbo, 7),
    )
    assert [result["status"] for result in results] == [201, 409, 422, 422, 422, 422, 422, 201]
    assert [result["problem"]["errors"][0]["pointer"] for result in results[1:7]] == [
        "/items/1/uscc",
        "/items/2/uscc",
        "/items/3/industry_code",
        "/items/4/department_id",
        "/items/5/department_id",
        "/items/6/tier/expires_on",
    ]
    assert results[2]["problem"]["faults"] == ["uscc_check_character"]
    assert await listed(world, ningbo) == sorted([code(1), code(7)])


async def test_a_department_sees_its_own_enterprises_and_never_by_code_prefix(world: World, ningbo: str):
    zhejiang = await world.organisation("department", "浙江省", "330000")
    await state(world, ningbo, item(ningbo, 1))
    [own] = await state(world, zhejiang, item(zhejiang, 2))
    assert await listed(world, zhejiang) == [code(2)]
    assert await listed(world, zhejiang, uscc=code(1)) == []
    async with world.as_(ningbo) as http:
        answer = await http.get(f"/v1/enterprises/{own['value']['id']}")
    assert answer.status_code == 404


async def test_an_institution_sees_what_it_proposed_and_what_it_can_name(
    world: World, ningbo: str, institution: str
):
    await state(world, ningbo, item(ningbo, 1))
    await state(world, institution, item(ningbo, 2))
    assert await listed(world, institution) == [code(2)]
    assert await listed(world, institution, uscc=code(1).lower()) == [code(1)]


async def test_who_reviews_sees_every_enterprise_and_the_operator_none(world: World, ningbo: str):
    await world.cycle(load("2022-2023"))
    centre = await world.organisation("talent_exchange_centre", "人才交流中心")
    operator = await world.organisation("operator", "运维")
    await state(world, ningbo, *(item(ningbo, number) for number in range(1, 6)))
    assert len(await listed(world, centre)) == 5
    assert await listed(world, operator, uscc=code(1)) == []
    async with world.as_(operator) as http:
        assert (await http.post("/v1/enterprises", json={"items": [item(ningbo)]})).status_code == 403


async def test_a_pack_that_is_only_drafted_lets_nobody_read(world: World, ningbo: str):
    centre = await world.organisation("talent_exchange_centre", "人才交流中心")
    await state(world, ningbo, item(ningbo))
    await world.cycle(load("2022-2023"), status="draft")
    assert await listed(world, centre) == []
    await world.cycle(load("2022-2023"))
    assert await listed(world, centre) == [code(1)]


async def test_a_thousand_enterprises_go_in_at_once_and_again(world: World, ningbo: str):
    items = [item(ningbo, number) for number in range(1000)]
    assert {result["status"] for result in await state(world, ningbo, *items)} == {201}
    changed = [{**one, "employees": 10} for one in items[:500]] + items[500:]
    results = await state(world, ningbo, *changed)
    assert [result["value"]["version"] for result in results] == [2] * 500 + [1] * 500


@pytest.mark.parametrize(
    "wrong",
    [
        {"revenue_wan": "NaN"},
        {"revenue_wan": -1},
        {"revenue_wan": 10**30},
        {"employees": 1.5},
        {"employees": -1},
        {"surprise": 1},
        {"department_id": "x"},
        {"uscc": ""},
    ],
)
async def test_a_malformed_item_refuses_the_whole_request(world: World, ningbo: str, wrong: dict[str, Any]):
    async with world.as_(ningbo) as http:
        answer = await http.post(
            "/v1/enterprises", json={"items": [item(ningbo, 1), {**item(ningbo, 2), **wrong}]}
        )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/items/1/")
    assert await listed(world, ningbo) == []
