"""Diffs and the schema of policy packs over HTTP: public, in sentences, of any two packs that are kept."""

import json

import pytest

from shared.events.policy import schema_text
from tests.support.registry_world import CYCLE, EARLIER, World, document_of, problem

PATH = f"/v1/policy-packs/{CYCLE}/diff?against={EARLIER}"


@pytest.mark.clause("C01", "C07")
async def test_everybody_reads_what_the_later_notice_changes(world: World):
    shown = (await world.act("GET", PATH, by="anonymous")).json()
    assert (shown["cycle_id"], shown["revision"]) == (CYCLE, 1)
    assert (shown["against"], shown["against_revision"]) == (EARLIER, 1)
    assert len(shown["differences"]) == shown["rules"] + shown["wordings"] + shown["sources"]
    dropped = next(one for one in shown["differences"] if one["place"] == "floors[1]")
    assert dropped["kind"] == "removed"
    assert dropped["zh"].startswith("制造业学员占比不少于30%")
    assert dropped["old_citation"] == {"source": "N2019 一(一)", "clause": ["C07"], "decision": ["Q2"]}
    assert dropped["new_citation"] is None
    rules = (await world.act("GET", f"{PATH}&aspect=rule", by="anonymous")).json()
    assert rules["sources"] == shown["sources"]
    assert {one["aspect"] for one in rules["differences"]} == {"rule"}


@pytest.mark.clause("C01")
async def test_a_draft_can_be_compared_and_a_pack_does_not_differ_from_itself(world: World):
    draft = document_of(CYCLE)
    draft = {**draft, "cycle": {**draft["cycle"], "label": "next"}}
    await world.act("POST", "/v1/policy-packs", {"document": draft})
    asked = f"/v1/policy-packs/miit-sme-leaders.next/diff?against={CYCLE}"
    shown = (await world.act("GET", asked, by="anonymous")).json()
    assert [one["place"] for one in shown["differences"]] == ["cycle.label"]
    same = (await world.act("GET", f"/v1/policy-packs/{CYCLE}/diff?against={CYCLE}", by="anonymous")).json()
    assert same["differences"] == []


async def test_what_is_not_kept_cannot_be_compared(world: World):
    unknown = await world.act("GET", f"/v1/policy-packs/x.y/diff?against={CYCLE}", by="anonymous")
    assert problem(unknown, 404) == "cycle-unknown"
    against = await world.act("GET", f"/v1/policy-packs/{CYCLE}/diff?against=x.y", by="anonymous")
    assert problem(against, 404) == "cycle-unknown"
    for name in ("revision", "against_revision"):
        answer = await world.act("GET", f"{PATH}&{name}=9", by="anonymous")
        assert problem(answer, 404) == "revision-unknown"
    assert problem(await world.act("GET", f"{PATH}&revision=0", by="anonymous"), 422) == "invalid-request"
    alone = await world.act("GET", f"/v1/policy-packs/{CYCLE}/diff", by="anonymous")
    assert problem(alone, 422) == "invalid-request"


async def test_the_schema_is_public_and_is_sent_once_to_a_cache(empty: World):
    answer = await empty.act("GET", "/v1/policy-packs/schema", by="anonymous")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.json() == json.loads(schema_text())
    tag = answer.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = await empty.act("GET", "/v1/policy-packs/schema", by="anonymous", If_None_Match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    other = await empty.act("GET", "/v1/policy-packs/schema", by="anonymous", If_None_Match='"other"')
    assert other.status_code == 200
