"""Policy packs over HTTP: drafts are replaced, active packs are not, everybody reads them."""

from typing import Any

import httpx
import pytest

from tests.support.registry_world import CYCLE, EARLIER, PACKS, World, problem

TEXT = (PACKS / "2022-2023.yaml").read_text(encoding="utf-8")


async def load(world: World, text: str = TEXT, by: str = "bureau", **headers: Any) -> httpx.Response:
    return await world.act("POST", "/v1/policy-packs", {"yaml": text}, by=by, **headers)


@pytest.mark.clause("C01")
async def test_a_draft_pack_is_replaced_and_an_active_one_never_again(empty: World):
    first = (await load(empty)).json()
    assert (first["status"], first["version"]) == ("draft", 1)
    second = (await load(empty, TEXT.replace("第三方", "第三方 "))).json()
    assert second["version"] == 2

    activated = await empty.act("POST", f"/v1/policy-packs/{CYCLE}/activation", {}, by="bureau")
    assert activated.json()["status"] == "active"
    assert activated.headers["etag"] == '"3"'

    assert problem(await load(empty), 409) == "pack-immutable"
    again = await empty.act("POST", f"/v1/policy-packs/{CYCLE}/activation", {}, by="bureau")
    assert problem(again, 409) == "cycle-already-active"


@pytest.mark.clause("C01")
async def test_a_pack_given_as_a_document_is_the_same_pack(empty: World):
    await load(empty)
    shown = (await empty.act("GET", f"/v1/policy-packs/{CYCLE}", by="anonymous")).json()
    answer = await empty.act("POST", "/v1/policy-packs", {"document": shown["document"]}, by="bureau")
    assert answer.status_code == 201
    again = (await empty.act("GET", f"/v1/policy-packs/{CYCLE}", by="anonymous")).json()
    assert again["sha256"] == shown["sha256"]


@pytest.mark.clause("C11", "C12", "C20", "C41", "C46")
async def test_everybody_reads_the_vocabularies_of_a_cycle_in_its_pack(world: World):
    async def codes(cycle: str, *path: str) -> list[str]:
        found = (await world.act("GET", f"/v1/policy-packs/{cycle}", by="anonymous")).json()["document"]
        for step in path:
            found = found.get(step, [])
        return [entry["code"] for entry in found]

    for cycle in (EARLIER, CYCLE):
        assert await codes(cycle, "session_modes") == ["intensive", "practice", "classroom", "applied"]
        assert await codes(cycle, "curriculum_tags") == ["key_field", "weak_link"]
        assert await codes(cycle, "liaison_form", "fields")
    assert len(await codes(EARLIER, "course_directions")) == 6
    assert len(await codes(CYCLE, "course_directions")) == 2
    assert await codes(EARLIER, "tiers") == []
    assert await codes(CYCLE, "tiers") == ["innovative", "specialised", "little_giant"]


@pytest.mark.clause("Q17")
@pytest.mark.parametrize("kind", ["operator", "department", "talent_exchange_centre", "institution"])
async def test_packs_are_the_bureaus(empty: World, kind: str):
    assert problem(await load(empty, by=kind), 403) == "caller-not-allowed"
    assert problem(await load(empty, by="anonymous"), 401) == "sign-in-required"


@pytest.mark.clause("C01")
async def test_a_faulty_pack_is_refused_with_every_place(empty: World):
    faulty = TEXT.replace("min_persons: 2000", "min_persons: many")
    answer = await load(empty, faulty)
    assert problem(answer, 422) == "pack-invalid"
    assert "min_persons" in answer.json()["faults"][0]["place"]


@pytest.mark.parametrize("body", [{}, {"yaml": "x", "document": {}}, {"yaml": 5}, {"other": 1}, [], "x"])
async def test_a_malformed_request_is_refused(empty: World, body: object):
    answer = await empty.act("POST", "/v1/policy-packs", body, by="bureau")
    assert problem(answer, 422) == "invalid-request"


async def test_an_unknown_pack_is_not_found(empty: World):
    assert problem(await empty.act("GET", "/v1/policy-packs/x.y", by="anonymous"), 404) == "cycle-unknown"
    answer = await empty.act("POST", "/v1/policy-packs/x.y/activation", {}, by="bureau")
    assert problem(answer, 404) == "cycle-unknown"


async def test_a_stale_version_does_not_replace_a_draft(empty: World):
    assert problem(await load(empty, If_Match='"1"'), 412) == "version-conflict"
    await load(empty)
    await load(empty)
    assert problem(await load(empty, If_Match='"1"'), 412) == "version-conflict"
