"""Many at the same instant: what must be one stays one, what is counted is counted without a gap."""

import asyncio

import httpx
import pytest

from tests.support.registry_world import CYCLE, World, designation

MANY = 8
FIELDS = {
    "official_name": "王局长",
    "official_post": "副局长",
    "liaison_name": "李联络",
    "liaison_phone": "0571-00000000",
}


@pytest.mark.clause("C13")
async def test_an_institution_designated_many_times_at_once_is_designated_once(world: World):
    answers = await asyncio.gather(
        *(
            world.bulk("/v1/designations", designation(world, "甲大学"), by="人才交流中心")
            for _ in range(MANY)
        )
    )
    assert sorted(result[0]["status"] for result in answers) == [201] + [409] * (MANY - 1)
    assert len(await world.stated("registry.designation")) == 1


@pytest.mark.clause("C19")
async def test_forms_submitted_at_once_become_versions_without_a_gap(world: World):
    async def submit() -> httpx.Response:
        body = {"cycle_id": CYCLE, "fields": FIELDS}
        return await world.act("POST", "/v1/liaison-forms", body, by="浙江省主管部门")

    answers = await asyncio.gather(*(submit() for _ in range(MANY)))
    assert sorted(answer.json()["number"] for answer in answers) == list(range(1, MANY + 1))
    stated = await world.stated("registry.liaison_form")
    assert sorted(one["aggregateversion"] for one in stated) == list(range(1, MANY + 1))


@pytest.mark.clause("C01")
async def test_a_draft_pack_loaded_many_times_at_once_has_contiguous_versions(world: World):
    document = (await world.act("GET", f"/v1/policy-packs/{CYCLE}")).json()["document"]
    document["cycle"]["label"] = "2030-2031"
    body = {"document": document}
    answers = await asyncio.gather(*(world.act("POST", "/v1/policy-packs", body) for _ in range(MANY)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(1, MANY + 1))


async def test_secrets_rotated_at_once_leave_two_live(world: World):
    made = await world.act(
        "POST",
        "/v1/api-clients",
        {"organisation_id": world.ids["甲大学"], "name": "接口"},
        by="operator",
    )
    path = f"/v1/api-clients/{made.json()['id']}/secrets"
    await asyncio.gather(*(world.act("POST", path, {}, by="operator") for _ in range(MANY)))
    (client,) = (await world.act("GET", "/v1/api-clients", by="甲大学")).json()["items"]
    assert len(client["secrets"]) == 2
    assert client["version"] == MANY + 1
