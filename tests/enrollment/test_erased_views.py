"""Every view of an erased person answers as before, and what needs to know who it was is refused as gone."""

import io
from typing import Any

import httpx
from openpyxl import load_workbook

from tests.support.erasing import AFTER_DUTY, close_cycle, erase, graduate
from tests.support.nominees import Plan, kind_of


async def asked_for(plan: Plan, path: str) -> httpx.Response:
    async with plan.client(plan.bureau) as http:
        return await http.get(path)


async def test_every_view_of_an_erased_person_answers(plan: Plan):
    [enrolment_id] = await plan.trainees(plan.class_id, [1])
    made = await plan.post(plan.institution, f"/v1/enrolments/{enrolment_id}/personal-link", {"days": 730})
    report = {"enrolment_id": enrolment_id, "reference": "演练甲的报告", "sha256": "a" * 64}
    asked = {"class_id": plan.class_id, "items": [report]}
    assert (await plan.post(plan.institution, "/v1/final-reports", asked)).status_code == 200
    left = await plan.withdraw(enrolment_id)
    assert left.json()["withdrawal_reason"] == "调离原单位"
    person_id = left.json()["person"]["id"]
    await close_cycle(plan)
    assert (await erase(plan, person_id, now=AFTER_DUTY)).status_code == 201
    rosters = (await plan.get(plan.bureau, "/v1/rosters", class_id=plan.class_id)).json()["items"]
    roster_id = rosters[0]["id"]
    for path in (
        f"/v1/nominations?class_id={plan.class_id}",
        f"/v1/enrolments?class_id={plan.class_id}",
        f"/v1/enrolments/{enrolment_id}",
        f"/v1/rosters/{roster_id}/rows",
        f"/v1/persons/{person_id}",
        f"/v1/persons/{person_id}/retention",
        f"/v1/final-reports?class_id={plan.class_id}",
    ):
        answer = await asked_for(plan, path)
        assert answer.status_code == 200, answer.text
        assert "已删除" in answer.text, path
        assert "演练甲" not in answer.text, path
    for path in (
        f"/v1/rosters/{roster_id}/notice",
        f"/v1/rosters/{roster_id}/notice/workbook",
        f"/v1/timelines/enrolments/{enrolment_id}",
        f"/v1/timelines/classes/{plan.class_id}",
        f"/v1/persons/{person_id}/consents",
        f"/v1/waiting-lists/{plan.class_id}",
        f"/v1/progress?cycle_id={plan.cycle_id}",
        f"/v1/progress/workbook?cycle_id={plan.cycle_id}",
        "/v1/duplicates",
        "/v1/person-merges",
        "/v1/full-views",
    ):
        answer = await asked_for(plan, path)
        assert answer.status_code == 200, (path, answer.text)
    printed = await plan.get(plan.bureau, f"/v1/rosters/{roster_id}/rows/workbook")
    sheet = load_workbook(io.BytesIO(printed.content)).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert cells.count("已删除") == 3  # name, number and post
    async with plan.client(plan.bureau) as http:
        own = await http.get("/v1/me", headers={"Lingjun-Personal-Link": made.json()["token"]})
    assert (own.status_code, kind_of(own)) == (403, "personal-link-refused")


async def test_what_needs_to_know_who_it_was_is_refused_as_gone(plan: Plan):
    enrolment_id, person_id = await graduate(plan)
    assert (await erase(plan, person_id, now=AFTER_DUTY)).status_code == 201
    text = {"purpose": "survey", "zh": "演练", "en": "rehearsal"}
    version = (await plan.post(plan.bureau, "/v1/consent-texts", text)).json()["version"]
    consent = {"person_id": person_id, "purpose": "survey", "version": version, "channel": "paper"}
    given = {"items": [{**consent, "given_at": "2022-12-01T02:00:00Z"}]}
    view = {"purpose": "contact", "reason": "演练"}
    gone: list[Any] = [
        await plan.post(plan.zhejiang, f"/v1/persons/{person_id}/full-views", view),
        await plan.post(plan.institution, f"/v1/enrolments/{enrolment_id}/personal-link", {"days": 1}),
        await erase(plan, person_id, now=AFTER_DUTY),
    ]
    assert [(one.status_code, kind_of(one)) for one in gone] == [(410, "person-erased")] * 3
    [refused] = (await plan.post(plan.zhejiang, "/v1/consents", given)).json()["results"]
    assert (refused["status"], refused["problem"]["type"].rpartition(":")[2]) == (410, "person-erased")
