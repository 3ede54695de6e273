"""Dry runs over HTTP: faults and consequences are told, and nothing is stored."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event, func, select

from services.registry.cycles.models import PackRevision
from services.registry.dryruns.domain import WORDS
from shared.outbox import outbox
from tests.support.registry_world import CYCLE, PACKS, World, cancel, document_of, drafted, problem

TEXT = (PACKS / "2022-2023.yaml").read_text(encoding="utf-8")
EARLY = datetime(2022, 10, 26, tzinfo=UTC)
FORM = {
    "official_name": "王局长",
    "official_post": "副局长",
    "liaison_name": "李联络",
    "liaison_phone": "0571",
}

Document = dict[str, Any]


async def tried(world: World, body: Any, by: str = "部中小企业局", now: datetime = EARLY) -> httpx.Response:
    return await world.act("POST", "/v1/policy-packs/dry-run", body, by=by, now=now)


async def impacts(world: World, document: Document, now: datetime = EARLY) -> dict[str, Any]:
    answer = (await tried(world, {"document": document}, now=now)).json()
    assert answer["valid"], answer["faults"]
    return {one["code"]: one for one in answer["impacts"]}


@pytest.mark.clause("C01")
async def test_faults_are_told_at_their_lines_and_nothing_is_stored(empty: World):
    faulty = TEXT.replace("min_persons: 2000", "min_persons: many")
    answer = await tried(empty, {"yaml": faulty}, by="bureau")
    assert answer.status_code == 200, answer.text
    (fault,) = answer.json()["faults"]
    assert (answer.json()["valid"], fault["place"]) == (False, "floors[0].min_persons")
    assert "min_persons: many" in faulty.splitlines()[fault["line"] - 1]
    good = (await tried(empty, {"yaml": TEXT}, by="bureau")).json()
    assert (good["valid"], good["cycle_id"], good["status"], good["differences"]) == (True, CYCLE, None, [])
    async with empty.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(PackRevision)) == 0
        assert await session.scalar(select(func.count()).select_from(outbox)) == 0


@pytest.mark.clause("Q17")
async def test_dry_runs_are_the_bureaus(world: World):
    for kind in ("人才交流中心", "浙江省主管部门", "甲大学"):
        assert problem(await tried(world, {"yaml": TEXT}, by=kind), 403) == "caller-not-allowed"
    assert problem(await tried(world, {"yaml": TEXT}, by="anonymous"), 401) == "sign-in-required"
    assert problem(await tried(world, {}), 422) == "invalid-request"


@pytest.mark.clause("C01")
async def test_a_correction_is_told_as_the_diff_to_the_pack_in_force(world: World):
    corrected = TEXT.replace("min_persons: 2000", "min_persons: 2100")
    answer = (await tried(world, {"yaml": corrected})).json()
    assert (answer["status"], answer["revision"]) == ("active", 1)
    assert [one["place"] for one in answer["differences"]] == ["floors[0].min_persons"]
    assert (await tried(world, {"yaml": TEXT})).json()["differences"] == []


def _without_theme(document: Document) -> None:
    document["class_kinds"] = [one for one in document["class_kinds"] if one["code"] != "theme"]
    document["arrangement_rules"] = [one for one in document["arrangement_rules"] if one["kind"] != "theme"]


def _without_own(document: Document) -> None:
    document["arrangement_rules"] = [
        one for one in document["arrangement_rules"] if (one["kind"], one["arrangement"]) != ("theme", "own")
    ]


def _theme(**changes: Any) -> Callable[[Document], None]:
    return lambda document: document["class_kinds"][1].update(changes)


@pytest.mark.clause("C08", "C15", "C16")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_without_theme, "class_kind_absent"),
        (_without_own, "arrangement_absent"),
        (_theme(takes_topic=True), "topic_misfits"),
        (_theme(longest={"months": 2}), "class_too_long"),
        (_theme(blocks={"count": 90, "days_each": 4}), "blocks_misfit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_classes_that_would_no_longer_fit_are_counted_and_named(
    designated: World, change: Callable[[Document], None], code: str
):
    fitting = await drafted(designated, kind="regional_development", ends_on="2023-02-20")
    found = [await drafted(designated, title_zh=f"主题班{number}") for number in range(3)]
    cancelled = await drafted(designated)
    await cancel(designated, cancelled, "甲大学")
    document = document_of(CYCLE)
    document = {**document, "class_kinds": [dict(one) for one in document["class_kinds"]]}
    change(document)
    told = await impacts(designated, document)
    assert (told[code]["count"], sorted(told[code]["ids"])) == (3, sorted(found))
    assert (told[code]["zh"], told[code]["en"]) == WORDS[code]
    assert fitting not in str(told)


@pytest.mark.clause("C13")
async def test_designations_for_kinds_that_ask_none_are_named(designated: World):
    document = document_of(CYCLE)
    open_kinds = [{**one, "designation": one["code"] == "boot_camp"} for one in document["class_kinds"]]
    open_rules = [
        {**one, "designation_required": "none" if one["kind"] != "boot_camp" else one["designation_required"]}
        for one in document["arrangement_rules"]
    ]
    told = await impacts(designated, {**document, "class_kinds": open_kinds, "arrangement_rules": open_rules})
    kept = (await designated.act("GET", f"/v1/designations?cycle_id={CYCLE}")).json()["items"]
    assert told["designation_unasked"]["ids"] == [one["id"] for one in kept]
    assert "designation_unasked" not in await impacts(designated, document)


@pytest.mark.clause("C19", "C46")
async def test_forms_without_a_newly_required_field_are_named_whether_it_is_personal_or_not(world: World):
    whole = {**FORM, "liaison_email": "a@b.invalid"}
    for name, fields in (("浙江省主管部门", whole), ("宁波市主管部门", FORM)):
        body = {"cycle_id": CYCLE, "fields": fields}
        assert (await world.act("POST", "/v1/liaison-forms", body, by=name)).status_code == 201
    kept = (await world.act("GET", f"/v1/liaison-forms?cycle_id={CYCLE}")).json()["items"]
    by_department = {one["department_id"]: one["id"] for one in kept}
    for field, lacking in (
        ("liaison_email", ["宁波市主管部门"]),
        ("liaison_post", ["浙江省主管部门", "宁波市主管部门"]),
    ):
        document = document_of(CYCLE)
        form = document["liaison_form"]
        stricter = [{**one, "required": one["required"] or one["code"] == field} for one in form["fields"]]
        told = await impacts(world, {**document, "liaison_form": {**form, "fields": stricter}})
        expected = sorted(by_department[world.ids[one]] for one in lacking)
        assert sorted(told["form_field_missing"]["ids"]) == expected
    assert "form_field_missing" not in await impacts(world, document_of(CYCLE))
    without = {name: value for name, value in document_of(CYCLE).items() if name != "liaison_form"}
    assert (await impacts(world, without))["form_unasked"]["count"] == 2


@pytest.mark.clause("Q17", "Q1")
async def test_acts_that_pass_on_holders_that_are_missing_and_deadlines_that_passed_are_named(world: World):
    document = document_of(CYCLE)
    stranger = "01980000-0000-7000-8000-000000000001"
    holders = {
        "track": [{"kind": "evaluator"}],
        "review_rosters": [{"organisation": stranger}],
        "approve_classes": [{"organisation": world.ids["甲大学"]}],
    }
    duties = [
        {**one, "holders": holders.get(one["act"], one["holders"])} for one in document["responsibilities"]
    ]
    told = await impacts(world, {**document, "responsibilities": duties})
    assert set(told["act_holder_changed"]["ids"]) == set(holders)
    assert set(told["holder_unregistered"]["ids"]) == {"track", "review_rosters"}
    assert "deadline_passed" not in told
    closed = datetime(2022, 10, 31, 16, tzinfo=UTC)
    assert (await impacts(world, document, now=closed))["deadline_passed"]["ids"] == ["liaison_forms"]


async def test_a_dry_run_asks_as_many_questions_of_many_classes_as_of_one(designated: World):
    document = document_of(CYCLE)
    kinds = [{**one, "longest": {"days": 1}} for one in document["class_kinds"]]
    await drafted(designated)
    one, _ = await _questions(designated, {**document, "class_kinds": kinds})
    for number in range(24):
        await drafted(designated, title_zh=f"又一班{number}")
    many, told = await _questions(designated, {**document, "class_kinds": kinds})
    assert many == one
    assert (told["class_too_long"]["count"], len(told["class_too_long"]["ids"])) == (25, 20)


async def _questions(world: World, document: Document) -> tuple[int, dict[str, Any]]:
    """Count the statements of a dry run."""
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        told = await impacts(world, document)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(asked), told
