"""Corrections over HTTP: a new revision with reason and author; what was filed before is judged as before."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.registry.test_suspensions import lift, suspended
from tests.support.registry_world import CYCLE, EARLIER, World, document_of, drafted, problem, step

PATH = f"/v1/policy-packs/{CYCLE}/revisions"


def corrected(*, floor: int = 2100, **changes: Any) -> dict[str, Any]:
    """Write the pack of 2022 with another floor."""
    document = document_of(CYCLE)
    (persons,) = document["floors"]
    return {**document, "floors": [{**persons, "min_persons": floor}], **changes}


def given_to(kind: str, *acts: str) -> dict[str, Any]:
    """Write the pack of 2022 with these acts in other hands."""
    duties = [one for one in document_of(CYCLE)["responsibilities"] if one["act"] not in acts]
    held = [{"act": act, "holders": [{"kind": kind}], "decision": ["Q17"]} for act in acts]
    return corrected(responsibilities=[*duties, *held])


async def revise(world: World, document: dict[str, Any], **given: Any) -> httpx.Response:
    body = {"document": document, "reason": "原文勘误"}
    return await world.act("POST", PATH, body, **given)


@pytest.mark.clause("C01")
async def test_a_correction_is_a_new_revision_and_both_stay_readable(world: World):
    made = await revise(world, corrected(), principal="correcting client")
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"{PATH}/2"
    told = made.json()
    assert (told["revision"], told["reason"], told["author"]) == (2, "原文勘误", "correcting client")

    listed = (await world.act("GET", PATH, by="anonymous")).json()["items"]
    assert [(one["revision"], one["reason"]) for one in listed] == [(1, None), (2, "原文勘误")]
    first, second = [(await world.act("GET", f"{PATH}/{n}", by="anonymous")).json() for n in (1, 2)]
    assert [one["document"]["floors"][0]["min_persons"] for one in (first, second)] == [2000, 2100]
    assert first["document"] == document_of(CYCLE)

    shown = (await world.act("GET", f"/v1/policy-packs/{CYCLE}", by="anonymous")).json()
    assert (shown["revision"], shown["status"], shown["version"]) == (2, "active", 3)
    assert shown["sha256"] == second["sha256"] != first["sha256"]
    differing = await world.act("GET", f"/v1/policy-packs/{CYCLE}/diff?against={CYCLE}&against_revision=1")
    assert [one["place"] for one in differing.json()["differences"]] == ["floors[0].min_persons"]


async def test_a_revision_is_stated_once_when_it_comes_into_force(world: World):
    await revise(world, corrected())
    told = [one for one in await world.stated("registry.pack_revision") if one["cycle"] == CYCLE]
    assert [(one["subject"], one["aggregateversion"], one["revision"], one["audience"]) for one in told] == [
        (f"registry.pack_revision/{CYCLE}:1", 1, 1, "public"),
        (f"registry.pack_revision/{CYCLE}:2", 1, 2, "public"),
    ]
    assert [one["data"]["reason"] for one in told] == [None, "原文勘误"]
    cycle = [one for one in await world.stated("registry.cycle") if one["cycle"] == CYCLE][-1]
    assert (cycle["aggregateversion"], cycle["revision"]) == (3, 2)
    assert cycle["data"]["sha256"] == told[1]["data"]["sha256"]


@pytest.mark.clause("Q17")
@pytest.mark.parametrize("kind", ["operator", "department", "talent_exchange_centre", "institution"])
async def test_corrections_are_the_bureaus(world: World, kind: str):
    assert problem(await revise(world, corrected(), by=kind), 403) == "caller-not-allowed"
    assert problem(await revise(world, corrected(), by="anonymous"), 401) == "sign-in-required"


@pytest.mark.clause("Q14")
async def test_a_pack_that_is_no_correction_of_the_one_in_force_is_refused(world: World):
    assert problem(await revise(world, document_of(EARLIER)), 422) == "revision-of-other-cycle"
    assert problem(await revise(world, document_of(CYCLE)), 409) == "revision-changes-nothing"
    cycle = document_of(CYCLE)["cycle"]
    for field, value in (("follows", EARLIER), ("zone", "Asia/Urumqi")):
        answer = await revise(world, corrected(cycle={**cycle, field: value}))
        assert problem(answer, 409) == "revision-changes-cycle"
        assert answer.json()["field"] == field
    faulty = await revise(world, corrected(floors=[{"code": "persons"}]))
    assert problem(faulty, 422) == "pack-invalid"
    unreasoned = await world.act("POST", PATH, {"document": corrected()})
    assert problem(unreasoned, 422) == "invalid-request"
    assert len((await world.act("GET", PATH)).json()["items"]) == 1


async def test_a_draft_has_no_revisions_and_is_not_corrected(empty: World):
    await empty.act("POST", "/v1/policy-packs", {"document": document_of(CYCLE)}, by="bureau")
    assert problem(await revise(empty, corrected(), by="bureau"), 409) == "cycle-not-active"
    assert (await empty.act("GET", PATH, by="anonymous")).json()["items"] == []
    assert problem(await empty.act("GET", f"{PATH}/1", by="anonymous"), 404) == "revision-unknown"
    assert await empty.stated("registry.pack_revision") == []


async def test_unknown_cycles_and_revisions_are_not_found(world: World):
    assert problem(await world.act("GET", f"{PATH}/2"), 404) == "revision-unknown"
    assert problem(await world.act("GET", f"{PATH}/0"), 422) == "invalid-request"
    body = {"document": corrected(), "reason": "原文勘误"}
    for method, path, sent in (("GET", "", None), ("GET", "/1", None), ("POST", "", body)):
        answer = await world.act(method, f"/v1/policy-packs/x.y/revisions{path}", sent)
        assert problem(answer, 404) == "cycle-unknown"


async def test_of_corrections_that_rest_on_one_version_one_succeeds(world: World):
    floors = range(2101, 2107)
    answers = await asyncio.gather(*(revise(world, corrected(floor=one), If_Match='"2"') for one in floors))
    assert sorted(one.status_code for one in answers) == [201] + [412] * 5
    assert [one["revision"] for one in (await world.act("GET", PATH)).json()["items"]] == [1, 2]


async def test_corrections_at_the_same_instant_are_numbered_without_a_gap(world: World):
    answers = await asyncio.gather(*(revise(world, corrected(floor=one)) for one in range(2101, 2107)))
    assert sorted(one.json()["revision"] for one in answers) == list(range(2, 8))
    stated = [one for one in await world.stated("registry.cycle") if one["cycle"] == CYCLE]
    assert [one["aggregateversion"] for one in stated] == list(range(1, 9))
    assert [one["revision"] for one in stated] == [1, 1, *range(2, 8)]


@pytest.mark.clause("C01", "Q17")
async def test_a_filed_class_is_judged_by_its_revision_and_a_draft_by_the_newest(designated: World):
    filed, draft = await drafted(designated), await drafted(designated)
    assert (await step(designated, filed, "filing", "甲大学")).status_code == 200
    acts = ("agree_training_plans", "approve_classes", "track")
    assert (await revise(designated, given_to("promotion_centre", *acts))).status_code == 201

    for name in ("agreement", "approval"):
        assert problem(await step(designated, filed, name, "发展促进中心"), 403) == "act-not-held"
    read = await designated.act("GET", f"/v1/classes/{filed}", by="人才交流中心")
    assert read.json()["plan"]["courses"]
    for name in ("agreement", "approval"):
        done = await step(designated, filed, name, "人才交流中心")
        assert (done.status_code, done.json()["revision"]) == (200, 1)

    handed_in = await step(designated, draft, "filing", "甲大学")
    assert handed_in.json()["revision"] == 2
    assert problem(await step(designated, draft, "agreement", "人才交流中心"), 403) == "act-not-held"
    for name in ("agreement", "approval"):
        assert (await step(designated, draft, name, "发展促进中心")).status_code == 200


@pytest.mark.clause("C39", "Q14")
async def test_a_suspension_is_lifted_by_the_holder_of_the_revision_that_decided_it(world: World):
    shown = await suspended(world)
    assert (await revise(world, given_to("promotion_centre", "lift_suspensions"))).status_code == 201
    assert problem(await lift(world, shown["id"], by="发展促进中心"), 403) == "act-not-held"
    assert (await lift(world, shown["id"])).json()["status"] == "lifted"
