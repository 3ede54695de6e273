"""Suspensions of before are imported: they bar and end like those decided here, by their document."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.registry.test_suspensions import lift
from tests.support.evaluations import (
    NEXT,
    activate_next,
    designate_next,
    designations_of,
    following,
    join,
    load_next,
    suspensions_of,
)
from tests.support.registry_world import (
    CYCLE,
    EARLIER,
    World,
    approved,
    designation,
    problem,
    refusal,
)

PAST = "miit-sme-leaders.2020-2021"
DOCUMENT = "工信厅企业函〔2021〕99号"


def past(world: World, name: str = "甲大学", **changes: Any) -> dict[str, Any]:
    facts = {"evaluated_cycle_id": PAST, "document": DOCUMENT, "decided_on": "2021-12-01"}
    return {"institution_id": world.ids[name], **facts, **changes}


async def bring(world: World, *items: dict[str, Any]) -> list[dict[str, Any]]:
    return await world.bulk("/v1/suspensions/imports", *items, by="部中小企业局")


async def brought(world: World, name: str = "甲大学", **changes: Any) -> dict[str, Any]:
    (result,) = await bring(world, past(world, name, **changes))
    assert result["status"] == 201, result
    return result["value"]


@pytest.mark.clause("C39", "Q14")
async def test_an_imported_suspension_bars_the_cycle_that_it_names_by_its_document(world: World):
    made = await brought(world, barred_cycle_id=CYCLE)
    assert (made["imported"], made["status"], made["barred_cycle_id"]) == (True, "in_force", CYCLE)
    assert (made["document"], made["decided_on"], made["ground"]) == (DOCUMENT, "2021-12-01", "decision")
    results = await world.bulk(
        "/v1/designations",
        designation(world, "甲大学"),
        designation(world, "乙大学"),
        designation(world, "甲大学", cycle_id=EARLIER, class_kinds=["region"]),
        by="人才交流中心",
    )
    assert [one["status"] for one in results] == [409, 201, 201]
    assert refusal(results[0]) == "institution-suspended-before"
    named = results[0]["problem"]
    assert (named["document"], named["suspension_id"]) == (DOCUMENT, made["id"])
    assert (named["evaluated_cycle_id"], named["fixed_by"]) == (PAST, "bureau")
    assert DOCUMENT in named["detail"]


@pytest.mark.clause("C39", "Q14")
async def test_it_waits_for_the_cycle_that_follows_and_bars_it_once_loaded(world: World):
    made = await brought(world)
    assert (made["status"], made["barred_cycle_id"]) == ("waiting", None)
    await load_next(world, PAST)
    await activate_next(world)
    (shown,) = await suspensions_of(world, "甲大学")
    assert (shown["status"], shown["barred_cycle_id"], shown["version"]) == ("in_force", NEXT, 2)
    (result,) = await world.bulk(
        "/v1/designations", designation(world, "甲大学", cycle_id=NEXT), by="人才交流中心"
    )
    assert refusal(result) == "institution-suspended-before"


@pytest.mark.clause("C39")
async def test_every_version_is_stated_to_everybody_as_it_is_shown(world: World):
    made = await brought(world, barred_cycle_id=CYCLE)
    lifted = (await lift(world, made["id"])).json()
    stated = await world.stated("registry.suspension")
    assert [one["aggregateversion"] for one in stated] == [1, 2]
    for view, one in zip((made, lifted), stated, strict=True):
        assert one["data"].items() <= view.items()
        assert (one["data"]["imported"], one["data"]["document"]) == (True, DOCUMENT)
        assert (one["audience"], one["cycle"]) == ("public", PAST)


@pytest.mark.clause("Q9", "Q14")
async def test_what_was_given_before_turns_and_turns_back_when_it_is_lifted(designated: World):
    class_id = await approved(designated)
    made = await brought(designated, barred_cycle_id=CYCLE)
    held = (await designations_of(designated, CYCLE))["甲大学"]
    assert held["status"] == "suspended"
    returned = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    assert (returned["status"], DOCUMENT in returned["reason"]) == ("returned", True)
    path = f"/v1/designations/{held['id']}/history"
    history = (await designated.act("GET", path)).json()["items"]
    assert (history[-1]["reason"], history[-1]["reference"]) == ("suspended_by_evaluation", DOCUMENT)
    assert (await lift(designated, made["id"])).status_code == 200
    assert (await designations_of(designated, CYCLE))["甲大学"]["status"] == "designated"


@pytest.mark.clause("Q5")
async def test_a_member_body_is_barred_with_its_federation(world: World):
    await join(world, "设计协会", of="联合会")
    await load_next(world, active=True)
    await designate_next(world, "设计协会")
    await brought(world, "联合会", barred_cycle_id=CYCLE)
    (result,) = await world.bulk("/v1/designations", designation(world, "设计协会"), by="人才交流中心")
    assert refusal(result) == "institution-suspended-before"


@pytest.mark.clause("C39", "Q17")
async def test_it_is_lifted_by_whom_the_barred_cycle_names_and_while_it_waits_by_the_bureau(world: World):
    named, waiting = await brought(world, barred_cycle_id=CYCLE), await brought(world, "乙大学")

    async def refused(made: dict[str, Any], by: str) -> str:
        return problem(await lift(world, made["id"], by), 403)

    assert await refused(named, "人才交流中心") == "act-not-held"
    assert await refused(waiting, "人才交流中心") == "caller-not-allowed"
    for made in (named, waiting):
        lifted = (await lift(world, made["id"])).json()
        assert (lifted["status"], lifted["lift_reason"]) == ("lifted", "整改合格")
    await load_next(world, PAST, active=True)
    await designate_next(world, "乙大学")


async def test_the_same_import_is_kept_once_and_another_one_is_refused(world: World):
    made = await brought(world)
    assert await brought(world) == made
    for changes in (
        {"document": "另一文件"},
        {"decided_on": "2021-12-02"},
        {"barred_cycle_id": CYCLE},
    ):
        (result,) = await bring(world, past(world, **changes))
        assert refusal(result) == "imported-otherwise", changes
        assert result["problem"]["suspension_id"] == made["id"]
    lifted = (await lift(world, made["id"])).json()
    assert await brought(world) == lifted
    assert len(await world.stated("registry.suspension")) == 2


async def test_imports_that_come_at_once_keep_one(world: World):
    async def once(number: int) -> httpx.Response:
        return await world.act("POST", "/v1/suspensions/imports", {"items": [past(world)]})

    answers = await asyncio.gather(*map(once, range(6)))
    ids = {answer.json()["results"][0]["value"]["id"] for answer in answers}
    assert len(ids) == 1
    assert len(await suspensions_of(world, "甲大学")) == 1


@pytest.mark.clause("Q14")
async def test_each_item_is_refused_by_the_name_of_what_it_contradicts(world: World):
    before = "miit-sme-leaders.2018"
    await load_next(world, before)
    for changes, expected in (
        ({"evaluated_cycle_id": CYCLE}, "cycle-ran-here"),
        ({"barred_cycle_id": PAST}, "cycle-unknown"),
        ({"barred_cycle_id": NEXT}, "other-cycle-follows"),
        ({"evaluated_cycle_id": before, "barred_cycle_id": CYCLE}, "other-cycle-follows"),
        ({"decided_on": "2022-11-02"}, "not-yet-decided"),
        ({"institution_id": world.ids["浙江省主管部门"]}, "kind-never-teaches"),
        ({"institution_id": "0187e5a0-0000-7000-8000-000000000099"}, "organisation-unknown"),
    ):
        refused, kept = await bring(world, past(world, **changes), past(world, "乙大学"))
        assert refusal(refused) == expected, changes
        assert kept["status"] == 201
    assert await suspensions_of(world, "甲大学") == []


async def test_a_pinned_suspension_stays_whatever_follows_what(world: World):
    made = await brought(world, barred_cycle_id=CYCLE)
    document = following(PAST, "miit-sme-leaders.other")
    assert (await world.act("POST", "/v1/policy-packs", {"document": document})).status_code == 201
    assert await suspensions_of(world, "甲大学") == [made]


async def test_only_the_bureau_imports(world: World):
    body = {"items": [past(world)]}
    now = datetime(2022, 11, 1, 2, tzinfo=UTC)
    answer = await world.act("POST", "/v1/suspensions/imports", body, by="人才交流中心", now=now)
    assert problem(answer, 403) == "caller-not-allowed"
