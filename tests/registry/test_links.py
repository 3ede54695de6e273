"""Links of organisations: on record with their days, told to all, explained to whom they concern."""

from typing import Any

import httpx
import pytest

from tests.support.registry_world import World, problem

FIRST, SECOND = "甲大学", "丙培训机构"


async def link(world: World, one: str = SECOND, other: str = FIRST, **given: Any) -> httpx.Response:
    body = {"linked_id": world.ids[other], "reason": "同一出资人", "starts_on": "2022-11-01"}
    return await world.act("POST", f"/v1/organisations/{world.ids[one]}/links", body, **given)


async def end(world: World, link_id: str, on: str = "2022-12-31", of: str = SECOND) -> httpx.Response:
    path = f"/v1/organisations/{world.ids[of]}/links/{link_id}/ending"
    return await world.act("POST", path, {"ends_on": on, "reason": "股权已转让"})


async def shown(world: World, of: str, by: str = "部中小企业局") -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/organisations/{world.ids[of]}/links", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.clause("C03", "Q12")
async def test_a_link_is_told_to_everybody_with_its_days_and_explained_to_the_two_and_the_bureau(
    world: World,
):
    made = (await link(world)).json()
    ended = (await end(world, made["id"])).json()
    assert (ended["starts_on"], ended["ends_on"]) == ("2022-11-01", "2022-12-31")
    for by in ("部中小企业局", FIRST, SECOND):
        assert await shown(world, FIRST, by) == await shown(world, SECOND, by) == [ended]
    (told,) = await shown(world, FIRST, "乙大学")
    assert (told["reason"], told["end_reason"], told["linked_id"]) == (None, None, world.ids[FIRST])
    stated = [
        one["data"]["links"]
        for one in await world.stated("registry.organisation")
        if one["data"]["id"] == world.ids[SECOND]
    ]
    days = {"id": made["id"], "linked_id": world.ids[FIRST], "starts_on": "2022-11-01"}
    assert stated == [[], [{**days, "ends_on": None}], [{**days, "ends_on": "2022-12-31"}]]


@pytest.mark.clause("Q12")
async def test_a_link_is_on_record_once_until_it_ends(world: World):
    first = (await link(world)).json()
    again = await link(world)
    assert problem(again, 409) == "linked-already"
    assert again.json()["link_id"] == first["id"]
    assert problem(await end(world, first["id"], "2022-10-31"), 422) == "holding-reversed"
    assert (await end(world, first["id"])).status_code == 200
    assert problem(await end(world, first["id"]), 409) == "link-ended"
    assert (await link(world)).status_code == 201


async def test_a_link_names_two_organisations_that_are_there(world: World):
    assert problem(await link(world, FIRST, FIRST), 422) == "link-to-itself"
    made = (await link(world)).json()
    assert problem(await end(world, made["id"], of="乙大学"), 404) == "link-unknown"
    world.ids["无"] = "0187e5a0-0000-7000-8000-000000000099"
    assert problem(await link(world, "无"), 404) == "organisation-unknown"
    assert problem(await link(world, FIRST, "无"), 404) == "organisation-unknown"


async def test_only_the_bureau_records_links(world: World):
    assert problem(await link(world, by="人才交流中心"), 403) == "caller-not-allowed"


async def test_a_link_is_recorded_on_the_version_that_was_read(world: World):
    assert problem(await link(world, If_Match='"7"'), 412) == "version-conflict"
    assert (await link(world, If_Match='"1"')).status_code == 201


async def test_a_new_name_keeps_the_links_in_the_state(world: World):
    await link(world)
    path = f"/v1/organisations/{world.ids[SECOND]}/amendment"
    await world.act("POST", path, {"name_zh": "丙培训中心", "name_en": "C"})
    newest = (await world.stated("registry.organisation"))[-1]["data"]
    assert (newest["name_zh"], len(newest["links"])) == ("丙培训中心", 1)
