"""Training plans in full: lecturers whose names are sealed, facets, tags, consents of the parties."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from services.registry.tables import Row
from shared.idempotency import idempotency_keys
from shared.outbox import outbox
from tests.registry.test_class_revisions import facts, say
from tests.support.registry_world import CYCLE, World, approved, draft, drafted, plan, problem, refusal, step

LECTURER = {"name": "演练周教授", "title": "教授", "affiliation": "甲大学管理学院"}
OFFICE = "人才交流中心"
PARTNER = "丁服务机构"


def taught(**changes: Any) -> dict[str, Any]:
    course = {**plan()["courses"][0], "lecturer": LECTURER, "tags": ["key_field"]}
    return plan(
        courses=[course, {**course, "title": "实训", "mode": "practice", "lecturer": None}], **changes
    )


async def put(world: World, class_id: str, body: dict[str, Any], by: str = "甲大学") -> Any:
    return await world.act("PUT", f"/v1/classes/{class_id}/training-plan", body, by=by)


async def lecturer_shown(world: World, path: str, by: str) -> Any:
    answer = await world.act("GET", path, by=by)
    assert answer.status_code == 200, answer.text
    shown = answer.json()["plan"]
    return None if shown is None else shown["courses"][0]["lecturer"]


async def kept(world: World) -> str:
    """Read all that the database keeps of plans, events and answers, as text."""
    own = [Row.metadata.tables[name] for name in ("training_plans", "class_versions", "class_revisions")]
    async with world.database.read() as session:
        kept = [await session.execute(select(table)) for table in (*own, outbox, idempotency_keys)]
        parts = [part for rows in kept for row in rows for part in row]
    return "".join(part.decode() if isinstance(part, bytes) else str(part) for part in parts)


@pytest.mark.clause("C20", "C32")
async def test_the_name_of_a_lecturer_is_sealed_and_shown_to_who_holds_agrees_or_approves(designated: World):
    class_id = await drafted(designated)
    made = await put(designated, class_id, taught())
    assert made.json()["plan"]["courses"][0]["lecturer"] == LECTURER
    assert made.json()["plan"]["courses"][1]["lecturer"] is None
    for name, by in (("filing", "甲大学"), ("agreement", OFFICE), ("approval", OFFICE)):
        assert (await step(designated, class_id, name, by)).status_code == 200
    path = f"/v1/classes/{class_id}"
    for by in ("甲大学", OFFICE, "部中小企业局"):
        assert await lecturer_shown(designated, path, by) == LECTURER
    assert await lecturer_shown(designated, path, "operator") == {**LECTURER, "name": "***"}
    assert await lecturer_shown(designated, path, "乙大学") is None
    for by, name in (("甲大学", LECTURER["name"]), ("operator", "***")):
        versions = (await designated.act("GET", f"{path}/versions", by=by)).json()["items"]
        assert versions[0]["plan"]["courses"][0]["lecturer"]["name"] == name

    new_plan = taught(completion={"min_attendance_percent": 90, "min_minutes": 900})
    body = {"class_id": class_id, "facts": facts(designated), "plan": new_plan, "reason": "提高要求"}
    keyed = {"Idempotency_Key": "once"}
    answers = [
        await designated.act("POST", "/v1/class-revisions", body, by="甲大学", **keyed) for _ in range(2)
    ]
    assert [one.json()["plan"]["courses"][0]["lecturer"]["name"] for one in answers] == ["***", "***"]
    path = f"/v1/class-revisions/{answers[0].json()['id']}"
    assert await lecturer_shown(designated, path, "甲大学") == LECTURER
    assert await lecturer_shown(designated, path, OFFICE) == LECTURER
    assert await lecturer_shown(designated, path, "operator") == {**LECTURER, "name": "***"}
    await say(designated, answers[0].json()["id"], "agreement")
    assert (await say(designated, answers[0].json()["id"], "approval")).status_code == 200
    assert await lecturer_shown(designated, f"/v1/classes/{class_id}", "甲大学") == LECTURER
    everything = await kept(designated)
    assert LECTURER["affiliation"] in everything
    assert LECTURER["name"] not in everything


async def test_saying_a_plan_with_a_lecturer_again_changes_nothing(designated: World):
    class_id = await drafted(designated)
    first, again = [(await put(designated, class_id, taught())).json()["version"] for _ in range(2)]
    assert first == again
    other = taught()
    other["courses"][0]["lecturer"] = {**LECTURER, "name": "演练吴教授"}
    assert (await put(designated, class_id, other)).json()["version"] == again + 1


@pytest.mark.clause("C12", "C23")
async def test_facets_and_tags_are_of_the_words_of_the_pack(designated: World):
    held = {"length": "long", "channel": "blended", "layer": "骨干企业"}
    for given, expected in (
        ({"length": "forever"}, "facet_value"),
        ({"colour": "red"}, "facet"),
    ):
        (refused,) = await designated.bulk("/v1/classes", draft(designated, facets=given), by="甲大学")
        assert (refusal(refused), refused["problem"]["concept"]) == ("concept-absent", expected)
    class_id = await approved(designated, facets=held)
    shown = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    assert shown["facets"] == held
    assert (await designated.stated("registry.class"))[-1]["data"]["facets"] == held
    body = {
        "class_id": class_id,
        "facts": facts(designated, facets={**held, "channel": "online"}),
        "reason": "改线上",
    }
    made = await designated.act("POST", "/v1/class-revisions", body, by="甲大学")
    assert made.json()["changes"] == ["facets"]

    course = {**plan()["courses"][0], "tags": ["no_such"]}
    refused = await put(designated, await drafted(designated), plan(courses=[course]))
    assert (problem(refused, 422), refused.json()["concept"]) == ("concept-absent", "curriculum_tag")


async def arranged(world: World) -> str:
    """Draft a class of a department with an institution, whose plan names nobody who consents."""
    return await drafted(world, "浙江省主管部门", arrangement="commissioned")


async def consent(world: World, class_id: str, by: str, name: str = "consents", **given: Any) -> Any:
    return await step(world, class_id, name, by, **given)


@pytest.mark.clause("C29", "C32")
async def test_a_party_consents_by_itself_and_may_take_it_back_until_the_class_is_filed(designated: World):
    department, class_id = "浙江省主管部门", await arranged(designated)
    seen = await designated.act("GET", f"/v1/classes/{class_id}", by="甲大学")
    assert seen.json()["plan"]["planned_minutes"] == 1200  # who is to consent reads the draft
    assert problem(await step(designated, class_id, "filing", department), 409) == "consent-missing"
    early = await consent(designated, class_id, "甲大学", "consents/withdrawal")
    assert problem(early, 409) == "consent-not-given"
    assert (await consent(designated, class_id, "甲大学")).status_code == 200
    assert problem(await consent(designated, class_id, "甲大学"), 409) == "consented-already"
    shown = (await designated.act("GET", f"/v1/classes/{class_id}", by=department)).json()["plan"]
    assert (shown["consenting_ids"], [one["organisation_id"] for one in shown["consents"]]) == (
        [],
        [designated.ids["甲大学"]],
    )
    assert (await consent(designated, class_id, "甲大学", "consents/withdrawal")).status_code == 200
    assert problem(await step(designated, class_id, "filing", department), 409) == "consent-missing"
    await consent(designated, class_id, "甲大学")
    assert (await step(designated, class_id, "filing", department)).status_code == 200
    late = await consent(designated, class_id, "甲大学", "consents/withdrawal")
    assert problem(late, 409) == "class-state-forbids"
    for name, by in (("agreement", OFFICE), ("coordination", "部中小企业局"), ("approval", OFFICE)):
        assert (await step(designated, class_id, name, by)).status_code == 200
    (version,) = (await designated.act("GET", f"/v1/classes/{class_id}/versions")).json()["items"]
    assert [one["organisation_id"] for one in version["plan"]["consents"]] == [designated.ids["甲大学"]]
    later = facts(designated, capacity=70)
    body = {"class_id": class_id, "facts": later, "reason": "扩大规模"}
    assert (await designated.act("POST", "/v1/class-revisions", body, by=department)).status_code == 201


@pytest.mark.clause("C32")
async def test_a_consent_is_to_one_plan_and_gone_when_that_changes(designated: World):
    department, class_id = "浙江省主管部门", await arranged(designated)
    read = await designated.act("GET", f"/v1/classes/{class_id}", by="甲大学")
    same = await put(designated, class_id, plan(), by=department)
    assert same.headers["etag"] == read.headers["etag"]
    await consent(designated, class_id, "甲大学")
    await put(designated, class_id, taught(), by=department)
    assert problem(await step(designated, class_id, "filing", department), 409) == "consent-missing"
    stale = await consent(designated, class_id, "甲大学", If_Match=read.headers["etag"])
    assert problem(stale, 412) == "version-conflict"
    stated = [one["aggregateversion"] for one in await designated.stated("registry.class")]
    assert stated == list(range(1, len(stated) + 1))


async def test_only_a_party_consents_and_a_stranger_does_not_find_the_draft(designated: World):
    class_id = await arranged(designated)
    assert problem(await consent(designated, class_id, "乙大学"), 404) == "class-unknown"
    assert problem(await step(designated, class_id, "filing", "甲大学"), 403) == "class-of-others"
    (bare,) = await designated.bulk("/v1/classes", draft(designated), by="甲大学")
    assert problem(await consent(designated, bare["value"]["id"], "甲大学"), 409) == "plan-missing"
    told = (await designated.stated("registry.class"))[0]
    readers = {f"org:{designated.ids[name]}" for name in ("浙江省主管部门", "甲大学")}
    assert set(told["audience"].split()) == {*readers, f"act:{CYCLE}/approve_classes", "kind:operator"}


async def test_a_party_that_consents_many_times_at_once_consents_once(designated: World):
    class_id = await arranged(designated)
    answers = await asyncio.gather(*(consent(designated, class_id, "甲大学") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
