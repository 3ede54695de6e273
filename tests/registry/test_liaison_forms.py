"""Liaison forms over HTTP: versions, lateness, and who sees the officials' names."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.support.registry_world import CYCLE, World, problem

CLOSES = datetime(2022, 10, 31, 16, 0, tzinfo=UTC)
"""The first instant of 1 November in Shanghai."""

FIELDS = {
    "official_name": "王局长",
    "official_post": "副局长",
    "liaison_name": "李联络",
    "liaison_phone": "0571-00000000",
}


async def submit(world: World, by: str, now: datetime, **changes: Any) -> httpx.Response:
    body = {"cycle_id": CYCLE, "fields": FIELDS, **changes}
    return await world.act("POST", "/v1/liaison-forms", body, by=by, now=now)


@pytest.mark.clause("C19", "Q1")
@pytest.mark.parametrize(
    ("now", "late"),
    [(CLOSES - timedelta(microseconds=1), False), (CLOSES, True), (CLOSES + timedelta(days=9), True)],
)
async def test_a_form_is_late_from_the_first_instant_of_the_next_day(world: World, now: datetime, late: bool):
    answer = await submit(world, "浙江省主管部门", now)
    assert answer.status_code == 201, answer.text
    assert answer.json()["late"] is late
    assert answer.json()["fields"] == FIELDS


@pytest.mark.clause("C19")
async def test_versions_are_kept_and_a_late_correction_does_not_make_the_department_late(world: World):
    first = await submit(world, "浙江省主管部门", CLOSES - timedelta(days=1))
    again = await submit(
        world, "浙江省主管部门", CLOSES + timedelta(days=1), fields={**FIELDS, "liaison_name": "新联络"}
    )
    assert again.json()["id"] == first.json()["id"]
    assert (again.json()["number"], again.json()["late"]) == (2, False)
    path = f"/v1/liaison-forms/{first.json()['id']}"
    assert (await world.act("GET", path, by="浙江省主管部门")).json() == again.json()
    versions = (await world.act("GET", f"{path}/versions", by="浙江省主管部门")).json()["items"]
    assert [(one["number"], one["late"]) for one in versions] == [(1, False), (2, True)]
    assert [one["fields"]["liaison_name"] for one in versions] == ["李联络", "新联络"]
    page = (await world.act("GET", f"{path}/versions?limit=1", by="浙江省主管部门")).json()
    rest = (await world.act("GET", f"{path}/versions?after={page['next']}", by="浙江省主管部门")).json()
    assert page["items"] + rest["items"] == versions
    assert problem(await world.act("GET", f"{path}/versions", by="宁波市主管部门"), 404)


async def test_a_correction_that_rests_on_another_version_is_refused(world: World):
    body = {"cycle_id": CYCLE, "fields": FIELDS}

    async def put(if_match: str) -> int:
        return (
            await world.act("POST", "/v1/liaison-forms", body, by="浙江省主管部门", If_Match=if_match)
        ).status_code

    assert [await put(tag) for tag in ('"1"', "*", '"1"', '"1"')] == [412, 201, 201, 412]
    assert len(await world.stated("registry.liaison_form")) == 2


@pytest.mark.clause("C19")
async def test_a_form_is_seen_by_its_department_and_by_who_receives_or_tracks_and_by_nobody_else(
    world: World,
):
    made = (await submit(world, "浙江省主管部门", CLOSES)).json()
    seen = {}
    for name in ("浙江省主管部门", "部中小企业局", "人才交流中心", "宁波市主管部门", "甲大学", "operator"):
        listed = await world.act("GET", f"/v1/liaison-forms?cycle_id={CYCLE}", by=name)
        one = await world.act("GET", f"/v1/liaison-forms/{made['id']}", by=name)
        shown = [form["fields"] for form in listed.json()["items"]]
        assert shown == ([one.json()["fields"]] if one.status_code == 200 else []), name
        seen[name] = [(fields["official_name"], fields["official_post"]) for fields in shown]
    assert seen == {
        "浙江省主管部门": [("王局长", "副局长")],
        "部中小企业局": [("王局长", "副局长")],
        "人才交流中心": [("***", "副局长")],
        "宁波市主管部门": [],
        "甲大学": [],
        "operator": [],
    }
    refused = await world.act("GET", "/v1/liaison-forms", by="anonymous")
    assert problem(refused, 401) == "sign-in-required"


@pytest.mark.clause("C19")
async def test_no_personal_field_lies_in_the_clear_not_even_in_events_and_replays(world: World):
    key = {"Idempotency_Key": "form-1"}
    body = {"cycle_id": CYCLE, "fields": FIELDS}
    first = await world.act("POST", "/v1/liaison-forms", body, by="浙江省主管部门", **key)
    again = await world.act("POST", "/v1/liaison-forms", body, by="浙江省主管部门", **key)
    assert first.json()["fields"]["official_name"] == "王局长"
    assert again.json()["fields"]["official_name"] == "***"
    assert again.json()["id"] == first.json()["id"]
    async with world.database.read() as session:
        for statement in (
            "SELECT fields, sealed FROM liaison_form_versions",
            "SELECT body FROM outbox",
            "SELECT body FROM idempotency_keys",
        ):
            kept = [
                value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                for row in await session.execute(text(statement))
                for value in row
            ]
            assert kept
            assert "王局长" not in "".join(kept)


@pytest.mark.clause("C46")
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({**FIELDS, "shoe_size": "43"}, "form-field-unknown"),
        ({"official_name": "王"}, "form-field-missing"),
        ({**FIELDS, "liaison_phone": "  "}, "form-field-missing"),
        ({**FIELDS, "liaison_phone": "见附件"}, "form-field-malformed"),
        ({**FIELDS, "liaison_email": "someone@nowhere"}, "form-field-malformed"),
    ],
)
async def test_the_fields_are_the_packs(world: World, fields: dict[str, str], expected: str):
    assert problem(await submit(world, "浙江省主管部门", CLOSES, fields=fields), 422) == expected


@pytest.mark.clause("C46")
@pytest.mark.parametrize(
    "answer", ["0571-00000000", "+86 571 0000 0000", "(0571)00000000 转 12", "0571-00000000、13900000000"]
)
async def test_a_telephone_number_may_be_written_as_people_write_it(world: World, answer: str):
    submitted = await submit(world, "浙江省主管部门", CLOSES, fields={**FIELDS, "liaison_phone": answer})
    assert submitted.status_code == 201


@pytest.mark.clause("C46")
async def test_a_malformed_answer_is_not_repeated(world: World):
    refused = await submit(world, "浙江省主管部门", CLOSES, fields={**FIELDS, "liaison_phone": "王的电话"})
    assert problem(refused, 422) == "form-field-malformed"
    assert "王的电话" not in refused.text


@pytest.mark.clause("C02", "C19")
async def test_a_department_answers_for_itself_and_the_receiver_for_any(world: World):
    ningbo = world.ids["宁波市主管部门"]
    other = await submit(world, "浙江省主管部门", CLOSES, department_id=ningbo)
    assert problem(other, 403) == "act-not-held"
    assert problem(await submit(world, "甲大学", CLOSES), 403) == "act-not-held"
    assert problem(await submit(world, "部中小企业局", CLOSES), 422) == "department-not-named"
    wrong = await submit(world, "部中小企业局", CLOSES, department_id=world.ids["甲大学"])
    assert problem(wrong, 422) == "organisation-not-department"
    behalf = await submit(world, "部中小企业局", CLOSES, department_id=ningbo)
    assert behalf.json()["department_id"] == ningbo
