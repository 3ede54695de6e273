"""The ledger of deadlines over HTTP: what it takes from the pack; who puts off what, until when, for whom."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.registry.cycles.queries import get_kept_pack
from services.registry.deadlines.commands import refresh_deadlines
from shared.events.policy import PolicyPack, load_pack
from shared.ids import new_id
from tests.registry.test_liaison_forms import CLOSES, submit
from tests.support.registry_world import CYCLE, EARLIER, NOW, World, document_of, problem

HARBOUR = Path(__file__).parents[1] / "policy" / "packs" / "invented-harbour.yaml"
FORMS, SELECTION = f"{CYCLE}.liaison_forms", f"{CYCLE}.selection"
CENTRE = "人才交流中心"
ZHEJIANG, NINGBO = "浙江省主管部门", "宁波市主管部门"
MANY = 8


async def extend(
    world: World,
    until: str,
    *names: str,
    deadline: str = FORMS,
    by: str = CENTRE,
    now: datetime = NOW,
    **given: Any,
) -> httpx.Response:
    named = [world.ids[name] for name in names]
    body = {"until": until, "organisation_ids": named, "reason": "疫情影响"}
    return await world.act("POST", f"/v1/deadlines/{deadline}/extensions", body, by=by, now=now, **given)


async def shown(world: World, deadline: str = FORMS) -> dict[str, Any]:
    answer = await world.act("GET", f"/v1/deadlines/{deadline}", by="anonymous")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read(world: World, by: str, deadline: str = FORMS) -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/deadlines/{deadline}/extensions", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.clause("C19", "C36", "Q1")
async def test_a_pack_in_force_has_its_deadlines_in_the_ledger(world: World):
    listed = await world.act("GET", f"/v1/deadlines?cycle_id={CYCLE}", by="anonymous")
    facts = [(one["code"], one["until"], one["closes_at"], one["clause"]) for one in listed.json()["items"]]
    assert facts == [
        ("liaison_forms", "2022-10-31", "2022-10-31T16:00:00Z", ["C19"]),
        ("selection", "2022-12-31", "2022-12-31T16:00:00Z", ["C36"]),
    ]
    first = listed.json()["items"][0]
    assert first == await shown(world)
    assert (first["zone"], first["extended"], first["extensions"]) == ("Asia/Shanghai", False, [])
    everything = (await world.act("GET", "/v1/deadlines", by="anonymous")).json()["items"]
    assert {one["cycle_id"] for one in everything} == {CYCLE, EARLIER}
    assert problem(await world.act("GET", "/v1/deadlines/no.such", by="anonymous"), 404) == "deadline-unknown"


async def test_a_draft_has_no_deadlines_yet(world: World):
    document = {**document_of(CYCLE), "cycle": {**document_of(CYCLE)["cycle"], "label": "2030-2031"}}
    assert (await world.act("POST", "/v1/policy-packs", {"document": document})).status_code == 201
    listed = await world.act("GET", "/v1/deadlines?cycle_id=miit-sme-leaders.2030-2031", by="anonymous")
    assert listed.json()["items"] == []


@pytest.mark.clause("C36")
async def test_a_deadline_is_put_off_for_everybody_and_everybody_is_told(world: World):
    given = await extend(world, "2023-01-10", deadline=SELECTION)
    assert given.status_code == 201, given.text
    made = given.json()
    assert (made["number"], made["until"], made["closes_at"]) == (1, "2023-01-10", "2023-01-10T16:00:00Z")
    assert (made["reason"], made["given_by"], made["principal"]) == (
        "疫情影响",
        world.ids[CENTRE],
        f"client of {CENTRE}",
    )
    now = await shown(world, SELECTION)
    assert (now["planned_at"], now["closes_at"]) == ("2022-12-31T16:00:00Z", "2023-01-10T16:00:00Z")
    assert (now["extended"], now["version"]) == (True, 2)
    told = [one for one in await world.stated("registry.deadline") if one["data"]["id"] == SELECTION]
    assert [one["aggregateversion"] for one in told] == [1, 2]
    assert told[-1]["data"]["closes_at"] == "2023-01-10T16:00:00Z"
    assert told[-1]["audience"] == "public"
    assert "疫情" not in str(told)


@pytest.mark.clause("C36", "Q1")
@pytest.mark.parametrize(
    ("until", "closes_at"),
    [
        ("2023-01-10", "2023-01-10T16:00:00Z"),
        ("2023-01-10T00:00:00+08:00", "2023-01-09T16:00:00Z"),
        ("2023-01-10T00:00:00Z", "2023-01-10T00:00:00Z"),
        ("2023-01-10T17:30:00-05:00", "2023-01-10T22:30:00Z"),
    ],
)
async def test_a_day_counts_to_its_end_and_an_instant_is_what_it_is(world: World, until: str, closes_at: str):
    assert (await extend(world, until, deadline=SELECTION)).json()["closes_at"] == closes_at


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2023-01-10T00:00:00", "timezone_aware"),
        ("0001-01-01", "date_out_of_range"),
        ("2022-13-45", "date_from_datetime_parsing"),
        ("tomorrow", "datetime_from_date_parsing"),
        (20230110, "string_type"),
    ],
)
async def test_what_is_neither_a_day_nor_an_instant_is_refused_at_its_place(
    world: World, until: Any, code: str
):
    refused = await extend(world, until)
    assert problem(refused, 422) == "invalid-request"
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/until", code)]


@pytest.mark.clause("C01", "Q1")
async def test_an_hour_of_another_zone_closes_a_deadline_and_a_day_is_put_off_to_its_end_there(world: World):
    document = load_pack(HARBOUR.read_text(encoding="utf-8")).document()
    holder = {"act": "extend_deadlines", "holders": [{"kind": "bureau"}], "source": "X2099 三"}
    others = [one for one in document["responsibilities"] if one["act"] != "extend_deadlines"]
    document["responsibilities"] = [*others, holder]
    loaded = await world.act("POST", "/v1/policy-packs", {"document": document})
    cycle = loaded.json()["cycle_id"]
    await world.act("POST", f"/v1/policy-packs/{cycle}/activation", {})
    lists = f"{cycle}.lists"
    assert (await shown(world, lists))["closes_at"] == "2099-03-31T11:00:00Z"
    later = await extend(world, "2099-03-31", deadline=lists, by="部中小企业局")
    assert later.json()["closes_at"] == "2099-03-31T18:00:00Z"


@pytest.mark.clause("C36", "Q17")
async def test_only_the_holder_of_the_act_puts_a_deadline_off(world: World):
    for name in ("部中小企业局", ZHEJIANG, "甲大学", "operator"):
        assert problem(await extend(world, "2023-01-10", by=name), 403) == "act-not-held"
    assert problem(await extend(world, "2023-01-10", by="anonymous"), 401) == "sign-in-required"
    assert (await shown(world))["version"] == 1


@pytest.mark.clause("C36")
async def test_an_extension_never_shortens_for_anybody(world: World):
    # The last day of the pack, and instants before its end and at it.
    for until in ("2022-10-30", "2022-10-31", "2022-10-31T16:00:00Z"):
        refused = await extend(world, until)
        assert problem(refused, 409) == "extension-not-later"
        assert refused.json()["closes_at"] == "2022-11-01T00:00:00+08:00"
    assert (await extend(world, "2022-11-20", ZHEJIANG)).status_code == 201
    shorter = await extend(world, "2022-11-10", NINGBO, ZHEJIANG)
    assert problem(shorter, 409) == "extension-not-later"
    assert shorter.json()["organisation_id"] == world.ids[ZHEJIANG]
    # For everybody it is later, and whoever had longer keeps it.
    assert (await extend(world, "2022-11-10")).status_code == 201
    now = await shown(world)
    assert now["closes_at"] == "2022-11-10T16:00:00Z"
    assert [(one["closes_at"], one["organisation_ids"]) for one in now["extensions"]] == [
        ("2022-11-20T16:00:00Z", [world.ids[ZHEJIANG]]),
        ("2022-11-10T16:00:00Z", []),
    ]
    after = datetime(2022, 11, 15, tzinfo=UTC)
    assert [(await submit(world, by, after)).json()["late"] for by in (ZHEJIANG, NINGBO)] == [False, True]


async def test_what_an_extension_rests_on_must_be_there(world: World):
    unknown = {"until": "2023-01-10", "organisation_ids": [new_id()], "reason": "无"}
    path = f"/v1/deadlines/{FORMS}/extensions"
    answer = await world.act("POST", path, unknown, by=CENTRE)
    assert problem(answer, 404) == "organisation-unknown"
    nowhere = await extend(world, "2023-01-10", deadline="no.such")
    assert problem(nowhere, 404) == "deadline-unknown"
    older = await extend(world, "2023-01-10", If_Match='"7"')
    assert problem(older, 412) == "version-conflict"
    stranger = await extend(world, "2023-01-10", by="甲大学", If_Match='"7"')
    assert problem(stranger, 403) == "act-not-held"


@pytest.mark.clause("C36")
async def test_why_is_read_by_the_bureau_the_holder_and_those_who_are_named(world: World):
    await extend(world, "2022-11-20", ZHEJIANG)
    await extend(world, "2022-11-10")
    both: list[list[str]] = [[world.ids[ZHEJIANG]], []]
    for name in ("部中小企业局", CENTRE, ZHEJIANG):
        assert [one["organisation_ids"] for one in await read(world, name)] == both, name
    for name in (NINGBO, "甲大学", "operator"):
        assert [one["organisation_ids"] for one in await read(world, name)] == [[]], name
    anonymous = await world.act("GET", f"/v1/deadlines/{FORMS}/extensions", by="anonymous")
    assert problem(anonymous, 401) == "sign-in-required"


@pytest.mark.clause("C19", "Q1")
async def test_a_form_is_in_time_under_an_extension_to_its_last_instant_and_for_nobody_else(world: World):
    # Given nine days after the deadline has passed.
    assert (await extend(world, "2022-11-20", ZHEJIANG, now=CLOSES + timedelta(days=9))).status_code == 201
    end = datetime(2022, 11, 20, 16, tzinfo=UTC)
    assert not (await submit(world, ZHEJIANG, end - timedelta(microseconds=1))).json()["late"]
    assert (await submit(world, NINGBO, end - timedelta(microseconds=1))).json()["late"]
    form_id = (await submit(world, ZHEJIANG, end)).json()["id"]
    kept = await world.act("GET", f"/v1/liaison-forms/{form_id}/versions", by=ZHEJIANG)
    assert [one["late"] for one in kept.json()["items"]] == [False, True]


@pytest.mark.clause("C19")
async def test_what_was_late_when_it_came_stays_marked(world: World):
    assert (await submit(world, ZHEJIANG, CLOSES)).json()["late"]
    await extend(world, "2022-11-20")
    again = await submit(world, ZHEJIANG, CLOSES + timedelta(days=1))
    assert (again.json()["number"], again.json()["late"]) == (2, True)
    versions = await world.act("GET", f"/v1/liaison-forms/{again.json()['id']}/versions", by=ZHEJIANG)
    assert [one["late"] for one in versions.json()["items"]] == [True, False]


async def refresh(world: World, **lines: dict[str, Any] | None) -> None:
    """Let another revision of the pack begin to judge, in which these deadlines are other or gone."""
    async with world.database.write() as session:
        pack = (await get_kept_pack(session, CYCLE)).pack
        await refresh_deadlines(session, _revised(pack, lines), revision=2, now=NOW)


def _revised(pack: PolicyPack, lines: dict[str, dict[str, Any] | None]) -> PolicyPack:
    kept = []
    for line in pack.deadlines:
        differs = lines.get(line.code, {})
        if differs is not None:
            kept.append(line.model_copy(update=differs))
    return pack.model_copy(update={"deadlines": tuple(kept)})


@pytest.mark.clause("C01", "C36")
async def test_a_revision_moves_a_deadline_and_leaves_extensions_as_they_were_given(world: World):
    await extend(world, "2023-01-10", "甲大学", deadline=SELECTION)
    await refresh(world, selection={"until": date(2023, 1, 20)})
    moved = await shown(world, SELECTION)
    assert (moved["until"], moved["closes_at"], moved["version"]) == ("2023-01-20", "2023-01-20T16:00:00Z", 3)
    assert [one["closes_at"] for one in moved["extensions"]] == ["2023-01-10T16:00:00Z"]
    told = (await world.stated("registry.deadline"))[-1]
    assert (told["data"]["id"], told["revision"]) == (SELECTION, 2)
    # What says the same is not told again.
    assert (await shown(world))["version"] == 1
    await refresh(world, selection={"until": date(2023, 1, 20)})
    assert (await shown(world, SELECTION))["version"] == 3


@pytest.mark.clause("C01", "C19")
async def test_a_deadline_that_a_revision_drops_judges_nobody_until_another_brings_it_back(world: World):
    await extend(world, "2022-11-05", ZHEJIANG)
    await refresh(world, liaison_forms=None)
    gone = await shown(world)
    assert (gone["withdrawn"], gone["extended"], gone["version"]) == (True, True, 3)
    assert not (await submit(world, NINGBO, CLOSES + timedelta(days=99))).json()["late"]
    assert problem(await extend(world, "2022-12-01"), 409) == "deadline-withdrawn"
    await refresh(world)
    back = await shown(world)
    assert (back["withdrawn"], back["version"]) == (False, 4)
    assert not (await submit(world, ZHEJIANG, CLOSES + timedelta(days=4))).json()["late"]


async def test_extensions_given_at_once_are_numbered_without_a_gap_and_told_in_that_order(world: World):
    days = [f"2022-12-{day:02}" for day in range(1, MANY + 1)]
    answers = await asyncio.gather(*(extend(world, day, ZHEJIANG) for day in days))
    made = [answer.json() for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert sorted(one["number"] for one in made) == list(range(1, len(made) + 1))
    assert {problem(answer, 409) for answer in refused} <= {"extension-not-later"}
    told = [one for one in await world.stated("registry.deadline") if one["data"]["id"] == FORMS]
    assert [one["aggregateversion"] for one in told] == list(range(1, len(made) + 2))
    latest = max(one["closes_at"] for one in (await shown(world))["extensions"])
    assert latest == "2022-12-08T16:00:00Z"


async def test_an_extension_that_is_asked_for_again_with_its_key_is_given_once(world: World):
    key = {"Idempotency_Key": "extension-1"}
    first, again = [await extend(world, "2022-11-20", ZHEJIANG, **key) for _ in range(2)]
    assert first.json() == again.json()
    assert len(await read(world, CENTRE)) == 1
