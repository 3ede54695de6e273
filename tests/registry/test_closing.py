"""Closing a cycle: what keeps it open, by name; what a closed one refuses, and what goes on in it (C01)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.registry.republishing import RESTATED
from shared.events.enrollment import RosterState
from shared.events.envelope import Event, state
from shared.ids import new_id
from tests.registry.test_deadlines import extend
from tests.registry.test_liaison_forms import submit
from tests.registry.test_news import published, withdraw
from tests.registry.test_pack_revisions import corrected
from tests.registry.test_planning import put
from tests.registry.test_suspensions import lift, suspended
from tests.support.evaluations import completed, hear, load_next
from tests.support.fund_world import funding, posted
from tests.support.registry_world import (
    CYCLE,
    NOW,
    World,
    approved,
    cancel,
    designation,
    draft,
    drafted,
    problem,
    refusal,
    step,
)
from tests.support.restated import told_again, told_last

CENTRE, LEAD, ZHEJIANG = "人才交流中心", "甲大学", "浙江省主管部门"
BEGUN = datetime(2023, 1, 10, 2, tzinfo=UTC)
ENDED = datetime(2023, 6, 30, 2, tzinfo=UTC)


async def close(world: World, by: str = "部中小企业局", **given: Any) -> httpx.Response:
    return await world.act("POST", f"/v1/policy-packs/{CYCLE}/closure", {}, by=by, **given)


async def finished(world: World) -> str:
    """Bring a class to its end."""
    class_id = await approved(world)
    for name, now in (("start", BEGUN), ("finish", ENDED)):
        answer = await step(world, class_id, name, LEAD, now=now)
        assert answer.status_code == 200, answer.text
    return class_id


async def ready(world: World) -> str:
    """Leave nothing to be done in the cycle of 2022."""
    class_id = await finished(world)
    await hear(world, completed({world.ids[LEAD]: False}))
    return class_id


def roster(status: str, version: int = 1, roster_id: str | None = None, cycle_id: str = CYCLE) -> Event:
    body = RosterState.model_validate(
        {
            "id": roster_id or new_id(),
            "class_id": new_id(),
            "cycle_id": cycle_id,
            "number": 1,
            "status": status,
            "rows": 0,
            "rows_sha256": "",
        }
    )
    return state(body, version=version, at=NOW, cycle=cycle_id, revision=1)


@pytest.mark.clause("C01")
async def test_a_cycle_in_which_nothing_is_left_to_do_is_closed_and_told_as_closed(designated: World):
    await ready(designated)
    answer = await close(designated, now=ENDED)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["status"], shown["closed_at"], shown["version"]) == ("closed", "2023-06-30T02:00:00Z", 3)
    told = [one for one in await designated.stated("registry.cycle") if one["data"]["id"] == CYCLE]
    assert [one["data"]["status"] for one in told] == ["draft", "active", "closed"]
    assert [one["data"]["closed_at"] for one in told] == [None, None, "2023-06-30T02:00:00Z"]
    assert told[-1]["aggregateversion"] == 3
    again = await close(designated)
    assert problem(again, 409) == "cycle-not-active"
    assert again.json()["cycle_status"] == "closed"
    assert await told_again(designated.database, RESTATED) == await told_last(designated.database)


@pytest.mark.clause("C01")
async def test_classes_that_have_not_ended_keep_a_cycle_open_by_their_ids(designated: World):
    await ready(designated)
    left = sorted([await drafted(designated), await approved(designated)])
    refused = await close(designated)
    assert problem(refused, 409) == "classes-unfinished"
    assert (refused.json()["class_ids"], refused.json()["count"]) == (left, 2)
    for class_id in left:
        assert (await cancel(designated, class_id, LEAD)).status_code == 200
    assert (await close(designated)).status_code == 200


@pytest.mark.clause("C37")
async def test_rosters_that_are_not_decided_keep_a_cycle_open_by_their_ids(designated: World):
    await ready(designated)
    first, second = sorted([new_id(), new_id()])
    elsewhere = roster("draft", cycle_id="p.other")
    await hear(designated, roster("draft", 1, first), roster("submitted", 1, second), elsewhere)
    refused = await close(designated)
    assert problem(refused, 409) == "rosters-open"
    assert (refused.json()["roster_ids"], refused.json()["count"]) == ([first, second], 2)
    assert "retry-after" in refused.headers
    await hear(designated, roster("returned", 2, first), roster("approved", 2, second))
    assert (await close(designated)).status_code == 200


@pytest.mark.clause("C38", "Q4")
async def test_institutions_that_no_final_round_has_judged_keep_a_cycle_open(designated: World):
    await finished(designated)
    await designated.bulk("/v1/designations", designation(designated, "乙大学"), by=CENTRE)
    await hear(designated, completed({designated.ids[LEAD]: False}))
    refused = await close(designated)
    assert problem(refused, 409) == "evaluation-not-final"
    assert refused.json()["institution_ids"] == [designated.ids["乙大学"]]
    await hear(
        designated,
        completed({designated.ids[LEAD]: False, designated.ids["乙大学"]: False}, 2, new_id()),
    )
    assert (await close(designated)).status_code == 200


async def test_a_cycle_in_which_nobody_was_designated_needs_no_evaluation(world: World):
    assert (await close(world)).status_code == 200


@pytest.mark.clause("C01")
async def test_a_closed_cycle_refuses_every_new_act_by_name(designated: World):
    class_id = await ready(designated)
    assert (await close(designated)).status_code == 200
    (drafting,) = await designated.bulk("/v1/classes", draft(designated), by=LEAD)
    (designating,) = await designated.bulk("/v1/designations", designation(designated, "乙大学"), by=CENTRE)
    assert refusal(drafting) == refusal(designating) == "cycle-not-active"
    applying = {"cycle_id": CYCLE, "class_kinds": ["theme"]}
    correction = {"document": corrected(floor=2100), "reason": "更正"}
    news = {"class_id": class_id, "title_zh": "动态", "text_zh": "动态"}
    path = f"/v1/policy-packs/{CYCLE}"
    for answer in (
        await submit(designated, ZHEJIANG, NOW),
        await extend(designated, "2022-12-01"),
        await designated.act("POST", "/v1/designations/applications", applying, by="乙大学"),
        await designated.act("POST", "/v1/news", news, by=LEAD),
        await designated.act("POST", f"{path}/revisions", correction),
    ):
        assert problem(answer, 409) == "cycle-not-active"
    assert problem(await designated.act("POST", f"{path}/activation", {}), 409) == "cycle-already-active"


@pytest.mark.clause("C24")
async def test_news_of_a_closed_cycle_is_not_published_any_more_and_can_still_be_withdrawn(world: World):
    told = await published(world)
    body = {"cycle_id": CYCLE, "title_zh": "动态", "text_zh": "动态"}
    left = (await world.act("POST", "/v1/news", body)).json()
    assert (await close(world)).status_code == 200
    publishing = await world.act("POST", f"/v1/news/{left['id']}/publication", {})
    assert problem(publishing, 409) == "cycle-not-active"
    assert (await withdraw(world, told["id"])).status_code == 200


@pytest.mark.clause("C01", "C17")
async def test_a_closed_cycle_stays_readable_for_those_who_could_read_it(designated: World):
    await submit(designated, ZHEJIANG, NOW)
    await extend(designated, "2022-12-01")
    class_id = await ready(designated)
    await posted(designated, class_id, funding())
    assert (await put(designated, ("theme", 3))).status_code == 200
    paths = [
        (f"/v1/fund-ledgers?cycle_id={CYCLE}", CENTRE),
        (f"/v1/attachments?owner=class:{class_id}", CENTRE),
        (f"/v1/department-plans?cycle_id={CYCLE}", CENTRE),
        (f"/v1/liaison-forms?cycle_id={CYCLE}", CENTRE),
        (f"/v1/liaison-forms/board?cycle_id={CYCLE}", CENTRE),
        (f"/v1/deadlines/{CYCLE}.liaison_forms/extensions", CENTRE),
        (f"/v1/classes/{class_id}", CENTRE),
        (f"/v1/designations?cycle_id={CYCLE}", CENTRE),
        (f"/v1/conflicts?cycle_id={CYCLE}", CENTRE),
        (f"/v1/catalogue/classes?cycle_id={CYCLE}", "anonymous"),
        (f"/v1/catalogue/institutions?cycle_id={CYCLE}", "anonymous"),
    ]

    async def read() -> list[Any]:
        answers = [await designated.act("GET", path, by=by) for path, by in paths]
        assert {answer.status_code for answer in answers} == {200}
        return [answer.json() for answer in answers]

    before = await read()
    assert (await close(designated)).status_code == 200
    assert await read() == before
    cycles = (await designated.act("GET", "/v1/catalogue/cycles", by="anonymous")).json()["items"]
    assert [(one["cycle_id"], one["status"]) for one in cycles][1] == (CYCLE, "closed")


@pytest.mark.clause("C39", "Q14")
async def test_a_suspension_of_a_closed_cycle_bars_and_is_lifted_by_its_pack(designated: World):
    await ready(designated)
    assert (await close(designated)).status_code == 200
    shown = await suspended(designated)
    await load_next(designated, active=True)
    (result,) = await designated.bulk(
        "/v1/designations", designation(designated, LEAD, cycle_id="miit-sme-leaders.next"), by=CENTRE
    )
    assert refusal(result) == "institution-suspended"
    assert problem(await lift(designated, shown["id"], CENTRE), 403) == "act-not-held"
    assert (await lift(designated, shown["id"])).json()["status"] == "lifted"


async def test_only_the_bureau_closes_and_on_the_version_that_it_read(world: World):
    assert problem(await close(world, CENTRE), 403) == "caller-not-allowed"
    assert problem(await close(world, If_Match='"1"'), 412) == "version-conflict"
    unknown = await world.act("POST", "/v1/policy-packs/miit-sme-leaders.none/closure", {})
    assert problem(unknown, 404) == "cycle-unknown"
    await load_next(world)
    unborn = await world.act("POST", "/v1/policy-packs/miit-sme-leaders.next/closure", {})
    assert problem(unborn, 409) == "cycle-not-active"
    assert (await close(world, If_Match='"2"')).status_code == 200


async def test_a_class_that_is_drafted_at_the_same_time_is_refused_or_keeps_the_cycle_open(designated: World):
    await ready(designated)
    asked = [designated.bulk("/v1/classes", draft(designated), by=LEAD) for _ in range(6)]
    closed, drafts = await asyncio.gather(close(designated), asyncio.gather(*asked))
    made = {result["status"] for (result,) in drafts}
    assert (closed.status_code == 409) == (201 in made)


async def test_an_institution_that_is_designated_at_the_same_time_is_refused_or_keeps_it_open(
    designated: World,
):
    await ready(designated)
    item = designation(designated, "乙大学")
    closed, (result,) = await asyncio.gather(
        close(designated), designated.bulk("/v1/designations", item, by=CENTRE)
    )
    assert (closed.status_code, result["status"]) in {(200, 409), (409, 201)}
