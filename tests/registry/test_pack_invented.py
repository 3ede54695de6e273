"""Packs that nobody has seen, over HTTP: loaded, put in force, and the registry behaves by them."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_world import World, plan, problem, refusal, step

PACKS = Path(__file__).parents[1] / "policy" / "packs"
BODIES = (
    ("bureau", "部中小企业局", None),
    ("department", "浙江省主管部门", "330000"),
    ("institution", "甲大学", None),
)


async def _register(world: World, kind: str, name: str, code: str | None = None) -> dict[str, Any]:
    body = {"kind": kind, "name_zh": name, "name_en": name, **({"code": code} if code else {})}
    (result,) = await world.bulk("/v1/organisations", body, by="operator")
    if result["status"] == 201:
        world.ids[name], world.kinds[name] = result["value"]["id"], kind
    return result


async def _in_force(world: World, name: str) -> str:
    """Register who is always there, load a pack from its YAML, and put it in force."""
    for kind, organisation, code in BODIES:
        await _register(world, kind, organisation, code)
    text = (PACKS / f"invented-{name}.yaml").read_text(encoding="utf-8")
    tried = (await world.act("POST", "/v1/policy-packs/dry-run", {"yaml": text})).json()
    assert (tried["valid"], tried["status"]) == (True, None)
    loaded = await world.act("POST", "/v1/policy-packs", {"yaml": text})
    assert loaded.status_code == 201, loaded.text
    cycle_id = loaded.json()["cycle_id"]
    activated = await world.act("POST", f"/v1/policy-packs/{cycle_id}/activation", {})
    assert activated.json()["status"] == "active"
    return cycle_id


def _class(world: World, cycle_id: str, kind: str, arrangement: str, **facts: Any) -> dict[str, Any]:
    return {
        "cycle_id": cycle_id,
        "kind": kind,
        "arrangement": arrangement,
        "title_zh": "演练班",
        "place_department_id": world.ids["浙江省主管部门"],
        "starts_on": "2099-04-01",
        "ends_on": "2099-04-20",
        "capacity": 30,
        **facts,
    }


async def _draft(world: World, body: dict[str, Any], by: str) -> dict[str, Any]:
    (result,) = await world.bulk("/v1/classes", body, by=by)
    return result


@pytest.mark.clause("C01", "C08", "C13")
async def test_a_cycle_of_a_harbour_needs_no_institutions_no_plan_and_no_agreement(empty: World):
    unknown = await _register(empty, "harbour_authority", "甲港")
    assert refusal(unknown) == "organisation-kind-unknown"
    cycle = await _in_force(empty, "harbour")
    assert (await _register(empty, "harbour_authority", "甲港"))["status"] == 201
    made = await _draft(empty, _class(empty, cycle, "harbour", "own", ends_on="2100-05-06"), "甲港")
    assert made["status"] == 201, made
    class_id = made["value"]["id"]
    for name in ("filing", "approval"):
        answer = await step(empty, class_id, name, "甲港")
        assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "approved"


@pytest.mark.clause("C01", "C08", "C13", "C16")
async def test_a_cycle_of_a_harbour_refuses_what_it_does_not_have(empty: World):
    cycle = await _in_force(empty, "harbour")
    await _register(empty, "harbour_authority", "甲港")
    university = empty.ids["甲大学"]
    partner = {"organisation_id": university, "kind": "institution"}
    fitting = _class(empty, cycle, "harbour", "own", ends_on="2099-05-10")
    for facts, refused in (
        ({"ends_on": "2100-05-07"}, "class-too-long"),
        ({"ends_on": "2099-05-09"}, "blocks-do-not-fit"),
        ({"institution_ids": [university]}, "too-many-institutions"),
        ({"co_organisers": [partner]}, "co-organiser-kind-not-allowed"),
        ({"special_topic": "data_safety"}, "topic-not-asked"),
        ({"kind": "theme"}, "concept-absent"),
        ({"arrangement": "joint"}, "concept-absent"),
    ):
        result = await _draft(empty, {**fitting, **facts}, "甲港")
        assert refusal(result) == refused, facts
    stranger = await _draft(empty, fitting, "甲大学")
    assert refusal(stranger) == "filer-kind-not-allowed"
    designation = {"cycle_id": cycle, "institution_id": university, "class_kinds": ["harbour"]}
    (held,) = await empty.bulk("/v1/designations", designation, by="部中小企业局")
    assert refusal(held) == "act-not-held"
    form = {"cycle_id": cycle, "fields": {"official_name": "王"}}
    answer = await empty.act("POST", "/v1/liaison-forms", form, by="浙江省主管部门")
    assert problem(answer, 422) == "concept-absent"
    assert answer.json()["concept"] == "liaison_form"


async def _academy(world: World) -> str:
    """Put the cloud pack in force, with its academy, a chamber, and the jury that the academy hosts."""
    cycle = await _in_force(world, "cloud")
    await _register(world, "cloud_academy", "云课堂")
    await _register(world, "chamber", "甲商会")
    office = {"code": "jury", "name_zh": "评议会", "name_en": "Jury", "host_id": world.ids["云课堂"]}
    await world.bulk("/v1/offices", office, by="operator")
    world.offices["云课堂"] = frozenset({"jury"})
    return cycle


UNKEPT: tuple[tuple[list[str], str], ...] = (
    ([], "teaching-days-missing"),
    (["2099-03-31", "2099-04-01"], "teaching-day-outside"),
    (["2099-04-01", "2099-04-02", "2099-04-08", "2099-04-09"], "blocks-not-kept"),
    ([f"2099-04-{day:02}" for day in range(1, 8)], "blocks-not-kept"),
)
"""Days that are not the three blocks of two days of a sprint, and why."""


@pytest.mark.clause("C01", "C08", "C13", "C19", "C29", "C32")
async def test_a_cycle_of_six_kinds_online_is_run_by_its_academy_its_chambers_and_a_jury(empty: World):
    cycle = await _academy(empty)
    university = empty.ids["甲大学"]
    designation = {"cycle_id": cycle, "institution_id": university, "class_kinds": ["sprint", "clinic"]}
    (lacking,) = await empty.bulk("/v1/designations", designation, by="云课堂")
    chosen = {**designation, "selection_reference": "遴选-01"}
    (kept,) = await empty.bulk("/v1/designations", chosen, by="云课堂")
    assert (refusal(lacking), kept["status"]) == ("evidence-missing", 201)

    chamber = {"organisation_id": empty.ids["甲商会"], "kind": "chamber"}
    sprint = _class(empty, cycle, "sprint", "online", institution_ids=[university], co_organisers=[chamber])
    class_id = (await _draft(empty, sprint, "甲大学"))["value"]["id"]
    course = {"title": "直播", "minutes": 400, "method": "live", "mode": "live", "directions": ["cloud"]}
    easy = plan(courses=[course], completion={"min_attendance_percent": 50, "min_minutes": 300})
    path = f"/v1/classes/{class_id}/training-plan"
    assert problem(await empty.act("PUT", path, easy, by="甲大学"), 422) == "completion-too-easy"
    hard = {**easy, "completion": {"min_attendance_percent": 60, "min_minutes": 300}}
    for days, refused in UNKEPT:
        put = await empty.act("PUT", path, hard | {"teaching_days": days}, by="甲大学")
        assert put.status_code == 200, put.text
        assert problem(await step(empty, class_id, "filing", "甲大学"), 422) == refused, days
    kept = [f"2099-04-{day:02}" for day in (20, 1, 2, 8, 9, 19)]
    put = await empty.act("PUT", path, hard | {"teaching_days": kept}, by="甲大学")
    assert put.json()["plan"]["teaching_days"] == sorted(kept)
    for name, actor in (
        ("filing", "甲大学"),
        ("coordination", "甲商会"),
        ("agreement", "云课堂"),
        ("approval", "云课堂"),
    ):
        answer = await step(empty, class_id, name, actor)
        assert answer.status_code == 200, answer.text

    said = {name: sprint[name] for name in ("title_zh", "place_department_id", "capacity")}
    fewer = {**said, "institution_ids": [university], "co_organisers": [chamber], "starts_on": "2099-04-02"}
    body = {"class_id": class_id, "facts": {**fewer, "ends_on": "2099-04-20"}, "reason": "推迟"}
    early = await empty.act("POST", "/v1/class-revisions", body, by="甲大学")
    assert problem(early, 422) == "teaching-day-outside"
    later = {**hard, "teaching_days": [f"2099-04-{day:02}" for day in (2, 3, 8, 9, 19, 20)]}
    made = await empty.act("POST", "/v1/class-revisions", body | {"plan": later}, by="甲大学")
    assert made.json()["changes"] == ["starts_on", "plan"], made.text

    lecture = _class(empty, cycle, "lecture", "online", ends_on="2099-04-02")
    assert (await _draft(empty, lecture, "甲商会"))["status"] == 201
    clinic = _class(empty, cycle, "clinic", "online", institution_ids=[university])
    assert refusal(await _draft(empty, clinic, "甲大学")) == "topic-missing"
    assert (await _draft(empty, {**clinic, "special_topic": "data_safety"}, "甲大学"))["status"] == 201
    form = {"cycle_id": cycle, "fields": {"officer": "王"}}
    assert (await empty.act("POST", "/v1/liaison-forms", form, by="浙江省主管部门")).status_code == 201


@pytest.mark.clause("C01", "C08", "C13")
async def test_a_cycle_of_six_kinds_online_refuses_what_it_does_not_have(empty: World):
    cycle = await _academy(empty)
    university = empty.ids["甲大学"]
    asked: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        ("exchange", "甲商会", {}, "concept-absent"),
        ("lecture", "甲商会", {}, "class-too-long"),
        ("sprint", "甲大学", {"institution_ids": []}, "too-few-institutions"),
        ("sprint", "甲商会", {"institution_ids": [university]}, "filer-kind-not-allowed"),
        ("marathon", "甲大学", {"institution_ids": [university], "arrangement": "own"}, "concept-absent"),
    )
    for kind, by, facts, refused in asked:
        result = await _draft(empty, {**_class(empty, cycle, kind, "online"), **facts}, by)
        assert refusal(result) == refused, kind
    chosen = {"selection_reference": "遴选-01", "class_kinds": ["lecture"], "institution_id": university}
    (undesignated,) = await empty.bulk("/v1/designations", {"cycle_id": cycle, **chosen}, by="云课堂")
    assert refusal(undesignated) == "kind-takes-no-designation"
    body = {"cycle_id": cycle, "fields": {"official_name": "王"}}
    answer = await empty.act("POST", "/v1/liaison-forms", body, by="浙江省主管部门")
    assert problem(answer, 422) == "form-field-unknown"


@pytest.mark.clause("C01")
async def test_a_cycle_that_says_nearly_nothing_is_in_force_and_refuses_by_name(empty: World):
    cycle = await _in_force(empty, "bare")
    result = await _draft(empty, _class(empty, cycle, "meeting", "own"), "甲大学")
    assert refusal(result) == "concept-absent"
    assert result["problem"]["concept"] == "arrangement"
    designation = {"cycle_id": cycle, "institution_id": empty.ids["甲大学"], "class_kinds": ["meeting"]}
    for name in ("部中小企业局", "甲大学"):
        (held,) = await empty.bulk("/v1/designations", designation, by=name)
        assert refusal(held) == "act-not-held"
    form: dict[str, Any] = {"cycle_id": cycle, "fields": {}}
    answer = await empty.act("POST", "/v1/liaison-forms", form, by="浙江省主管部门")
    assert problem(answer, 422) == "concept-absent"
    shown = await empty.act("GET", f"/v1/policy-packs/{cycle}", by="anonymous")
    assert shown.json()["document"].keys() == {"format", "notice", "programme", "cycle", "class_kinds"}


@pytest.mark.clause("C01", "C13")
async def test_an_act_held_by_one_organisation_is_done_by_it_and_by_no_other_of_its_kind(world: World):
    text = (PACKS / "invented-cloud.yaml").read_text(encoding="utf-8")
    chosen = text.replace("{office: jury}", f"{{organisation: {world.ids['乙大学']}}}")
    cycle = (await world.act("POST", "/v1/policy-packs", {"yaml": chosen})).json()["cycle_id"]
    await world.act("POST", f"/v1/policy-packs/{cycle}/activation", {})
    body = {"cycle_id": cycle, "institution_id": world.ids["甲大学"], "class_kinds": ["marathon"]}
    body = {**body, "selection_reference": "遴选-01"}
    (refused,) = await world.bulk("/v1/designations", body, by="甲大学")
    assert refused["problem"]["holders"] == [world.ids["乙大学"]]
    (made,) = await world.bulk("/v1/designations", body, by="乙大学")
    assert made["status"] == 201, made
