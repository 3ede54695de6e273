"""Timelines over HTTP: what happened, in order, each with code and sentence, to who may see it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.enrollment.enrolments.commands import note_certificates
from services.enrollment.handlers import LISTENER
from services.enrollment.timelines.domain import SENTENCES, sentence
from shared.events.envelope import state
from shared.ids import new_id
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.activities import Ledger
from tests.support.enrollment_world import NOW
from tests.support.nominees import IN_TIME, Plan, nominee

pytestmark = pytest.mark.clause("C25")


async def read(plan: Plan, by: str, path: str, **query: Any) -> httpx.Response:
    async with plan.world.as_(by) as http:
        return await http.get(f"/v1/timelines/{path}", params=query)


async def happened(plan: Plan, by: str, path: str) -> list[dict[str, Any]]:
    answer = await read(plan, by, path)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def whole_story(plan: Plan) -> tuple[str, str]:
    """Bring two trainees, of 浙江 and of 宁波, to the end: one gets a certificate, the other leaves."""
    second = nominee(plan.class_id, 2, enterprise=2)
    await plan.nominate(plan.institution, nominee(plan.class_id, 1), second)
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve"), (2, "approve")])
    await plan.approve(roster_id, now=IN_TIME + timedelta(days=1))
    first, left = [str(one["id"]) for one in await plan.enrolments(plan.class_id)]
    session = {
        "class_id": plan.class_id,
        "title": "第一讲",
        "mode": "classroom",
        "method": "lecture",
        "starts_at": datetime(2023, 3, 6, 1, tzinfo=UTC).isoformat(),
        "minutes": 60,
    }
    async with plan.world.as_(plan.institution, now=NOW) as http:
        made = await http.post("/v1/sessions", json={"items": [session]})
        path = f"/v1/sessions/{made.json()['results'][0]['value']['id']}/attendance"
        await http.post(path, json={"items": [{"enrolment_id": first, "minutes": 60}]})
        await http.post(f"/v1/enrolments/{left}/withdrawal", json={"reason": "调离原单位"})
        report = {"enrolment_id": first, "reference": "附件-01", "sha256": "0" * 64}
        body = {"class_id": plan.class_id, "items": [report]}
        made = await http.post("/v1/final-reports", json=body)
        report_id = made.json()["results"][0]["value"]["id"]
        await http.post(f"/v1/final-reports/{report_id}/acceptance")
    await _take_part(plan, first)
    await plan.world.turn(plan.class_id, status="finished")
    async with plan.world.as_(plan.institution, now=NOW + timedelta(days=1)) as http:
        proposed = await http.post("/v1/completions", json={"class_id": plan.class_id})
    path = f"/v1/completions/{proposed.json()['id']}/confirmation"
    async with plan.world.as_(plan.centre, now=NOW + timedelta(days=2)) as http:
        assert (await http.post(path)).status_code == 200
    async with plan.world.database.write() as writing:
        await note_certificates(writing, {first: "LJ-2022-2023-000001-X"}, NOW + timedelta(days=3))
    return first, left


async def _take_part(plan: Plan, trainee: str) -> None:
    ledger = Ledger(plan.world)
    ledger.lead, ledger.ningbo, ledger.cycle_id = plan.institution, plan.ningbo, plan.cycle_id
    activity_id = await ledger.opened()
    [row] = await ledger.register(activity_id, trainee)
    await ledger.post(plan.institution, f"/v1/activities/{activity_id}/holding")
    await ledger.came(activity_id, (row["value"]["id"], True))


async def test_the_timeline_of_a_trainee_goes_from_nomination_to_certificate(plan: Plan):
    first, _ = await whole_story(plan)
    events = await happened(plan, plan.zhejiang, f"enrolments/{first}")
    assert [one["code"] for one in events] == [
        "nominated",
        "enrolled",
        "session_attended",
        "activity_attended",
        "activity_registered",
        "report_accepted",
        "completion_proposed",
        "completion_confirmed",
        "certificate_noted",
    ]
    by_code = {one["code"]: one for one in events}
    assert by_code["nominated"]["organisation_id"] == plan.institution
    assert by_code["enrolled"]["organisation_id"] == plan.centre
    assert by_code["session_attended"]["zh"] == "参加课次“第一讲”。"
    assert by_code["certificate_noted"]["en"] == "Certificate LJ-2022-2023-000001-X noted."
    assert {one["enrolment_id"] for one in events} == {first, None}


async def test_the_timeline_of_a_class_tells_its_rosters_and_who_left(plan: Plan):
    first, left = await whole_story(plan)
    events = await happened(plan, plan.bureau, f"classes/{plan.class_id}")
    assert [one["code"] for one in events if one["enrolment_id"] == left] == ["enrolled", "withdrawn"]
    codes = [one["code"] for one in events if one["enrolment_id"] is None]
    assert codes == [
        "nominated",
        "nominated",
        "roster_submitted",
        "roster_approved",
        "session_held",
        "class_finished",
        "class_running",
        "completion_proposed",
        "completion_confirmed",
    ]
    assert [one["at"] for one in events] == sorted(one["at"] for one in events)
    assert first in {one["enrolment_id"] for one in events}


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5, 6, 7, 8], [8, 3, 1, 5, 2, 4, 7, 6, 3, 8]])
async def test_the_timeline_of_a_class_tells_what_became_of_it_in_whatever_order_it_was_heard(
    plan: Plan, order: list[int]
):
    class_id = new_id()
    plain = plan.world.classes[plan.class_id].model_copy(update={"id": class_id})
    versions: list[dict[str, Any]] = [
        {"status": "draft"},
        {"status": "filed"},
        {"status": "approved", "number": 1},
        {"status": "approved", "number": 1, "approved_heads": 30},
        {"status": "approved", "number": 1, "pending_revision_id": "r"},
        {"status": "approved", "number": 2},
        {"status": "running", "number": 2},
        {"status": "finished", "number": 2},
    ]
    for version in order:
        body = plain.model_copy(update=versions[version - 1])
        told = state(body, version=version, at=NOW + timedelta(days=version))
        await store(plan.world.database, [encode(told)], NOW)
        while await run_due(plan.world.database, LISTENER, datetime.now(UTC)):
            pass
    events = await happened(plan, plan.bureau, f"classes/{class_id}")
    told_at = [(one["code"], (datetime.fromisoformat(one["at"]) - NOW).days) for one in events]
    assert told_at == [
        ("class_draft", 1),
        ("class_filed", 2),
        ("class_approved", 3),
        ("class_revision_proposed", 5),
        ("class_revised", 6),
        ("class_running", 7),
        ("class_finished", 8),
    ]
    assert events[4]["en"] == "The class became its version 2."


async def test_a_class_that_was_heard_of_late_tells_only_what_is_known_since_when(plan: Plan):
    body = plan.world.classes[plan.class_id].model_copy(update={"id": new_id()})
    for version, status in ((7, "running"), (8, "finished")):
        told = state(body.model_copy(update={"status": status}), version=version, at=NOW)
        await store(plan.world.database, [encode(told)], NOW)
    while await run_due(plan.world.database, LISTENER, datetime.now(UTC)):
        pass
    events = await happened(plan, plan.bureau, f"classes/{body.id}")
    assert [one["code"] for one in events] == ["class_finished"]


async def test_a_department_reads_of_a_class_what_concerns_its_own_trainees(plan: Plan):
    first, left = await whole_story(plan)
    events = await happened(plan, plan.ningbo, f"classes/{plan.class_id}")
    assert {one["enrolment_id"] for one in events} == {left, None}
    codes = [one["code"] for one in events]
    assert codes.count("nominated") == 1
    assert not {"roster_submitted", "roster_approved"} & set(codes)
    assert (await read(plan, plan.ningbo, f"enrolments/{first}")).status_code == 404
    assert (await read(plan, plan.rival, f"classes/{plan.class_id}")).status_code == 403


async def test_the_tracker_reads_every_timeline(plan: Plan):
    first, _ = await whole_story(plan)
    assert await happened(plan, plan.centre, f"classes/{plan.class_id}")
    assert await happened(plan, plan.centre, f"enrolments/{first}")


async def test_a_timeline_comes_in_pages_that_neither_repeat_nor_skip(plan: Plan):
    await whole_story(plan)
    whole = await happened(plan, plan.bureau, f"classes/{plan.class_id}")
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        query = {"limit": 3} | ({"after": after} if after else {})
        page = (await read(plan, plan.bureau, f"classes/{plan.class_id}", **query)).json()
        found += page["items"]
        if (after := page["next"]) is None:
            break
    assert found == whole


async def test_a_timeline_names_nobody(plan: Plan):
    await whole_story(plan)
    answer = await read(plan, plan.institution, f"classes/{plan.class_id}")
    assert not [text for text in ("演练甲", "13900000000", "调离原单位") if text in answer.text]


@pytest.mark.parametrize("code", SENTENCES)
def test_every_event_has_a_sentence_in_both_languages(code: Any):
    zh, en = sentence(code, "七")
    assert zh.endswith("。")
    assert en.endswith(".")
