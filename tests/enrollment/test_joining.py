"""Two trainees of a class turn out to be one: one goes on with what both did, and nothing counts twice."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.enrollment.departures.cancelling import withdraw_all
from services.enrollment.enrolments.models import Enrolment
from shared.events.enrollment import PersonsMerged, PersonsParted, SessionState
from tests.support.enrollment_world import NOW
from tests.support.merging import check_told, confirm, merge, merged, picture, propose, put_forward, undo
from tests.support.nominees import Plan, kind_of

SHA = "a" * 64


async def two_trainees(plan: Plan, class_id: str | None = None) -> tuple[list[str], str, str]:
    """Enrol two persons in one class; tell their enrolments, then the persons."""
    enrolments = await plan.trainees(class_id or plan.class_id, [1, 2])
    survivor, retired = [one["person"]["id"] for one in await plan.enrolments(class_id or plan.class_id)]
    return enrolments, survivor, retired


async def lead(plan: Plan, path: str, body: Any = None, by: str | None = None) -> httpx.Response:
    async with plan.world.as_(by or plan.institution) as http:
        answer = await http.post(path, json=body)
    assert answer.is_success, answer.text
    return answer


async def hold(plan: Plan, title: str, minutes: dict[str, int]) -> str:
    """Hold a session of 100 minutes; tell its id."""
    session = {"class_id": plan.class_id, "title": title, "mode": "classroom", "method": "lecture"}
    session |= {"starts_at": "2023-03-02T01:00:00Z", "minutes": 100}
    made = (await lead(plan, "/v1/sessions", {"items": [session]})).json()["results"][0]["value"]
    await attend(plan, made["id"], minutes)
    return str(made["id"])


async def attend(plan: Plan, session_id: str, minutes: dict[str, int]) -> None:
    items = [{"enrolment_id": one, "minutes": number} for one, number in minutes.items()]
    answer = await lead(plan, f"/v1/sessions/{session_id}/attendance", {"items": items})
    assert {one["status"] for one in answer.json()["results"]} <= {200, 201}


async def score(plan: Plan, *said: tuple[str, str, int]) -> None:
    items = [{"enrolment_id": one, "course": course, "score": number} for one, course, number in said]
    await lead(plan, "/v1/course-scores", {"class_id": plan.class_id, "items": items})


async def learn(plan: Plan, *said: tuple[str, str, str, int]) -> list[dict[str, Any]]:
    """Report online hours: who, under which id, at what hour, for how many minutes."""
    items = [
        {
            "enrolment_id": one,
            "source_id": source_id,
            "course": "数字化转型",
            "minutes": minutes,
            "at": f"2023-04-01T{hour}:00:00+08:00",
        }
        for one, source_id, hour, minutes in said
    ]
    body = {"class_id": plan.class_id, "source": "演练平台", "items": items}
    return (await lead(plan, "/v1/online-hours", body)).json()["results"]


async def hand_in(plan: Plan, enrolment_id: str, reference: str, *, accepted: bool = False) -> None:
    items = [{"enrolment_id": enrolment_id, "reference": reference, "sha256": SHA}]
    answer = await lead(plan, "/v1/final-reports", {"class_id": plan.class_id, "items": items})
    report_id = answer.json()["results"][0]["value"]["id"]
    if accepted:
        await lead(plan, f"/v1/final-reports/{report_id}/acceptance")


async def minutes_of(plan: Plan) -> dict[tuple[str, str], int]:
    rows = (await picture(plan))["learnt"]["attendance"]
    return {(row["enrolment_id"], row["session_id"]): row["minutes"] for row in rows}


@pytest.mark.clause("C06", "Q7")
async def test_of_two_trainees_of_a_class_one_goes_on_and_the_other_gives_place_and_head_free(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    [kept, ended], survivor, retired = await two_trainees(plan)
    rosters = (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json()["items"]
    rows = (await plan.get(plan.centre, f"/v1/rosters/{rosters[0]['id']}/rows")).json()["items"]
    before = await picture(plan)
    merge_id = await merged(plan, survivor, retired)
    first, second = await plan.enrolments(plan.class_id)
    assert (first["id"], first["status"], first["head"]) == (kept, "enrolled", True)
    assert (second["id"], second["status"], second["head"]) == (ended, "merged", False)
    assert second["merged_into_enrolment_id"] == kept
    assert {first["person"]["id"], second["person"]["id"]} == {survivor}
    waiting = (await plan.get(plan.institution, f"/v1/waiting-lists/{plan.class_id}")).json()
    assert waiting["room"] == 1
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert progress["heads"] == 1
    # What the reviewer approved stays approved.
    assert (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json()["items"] == rosters
    again = (await plan.get(plan.centre, f"/v1/rosters/{rosters[0]['id']}/rows")).json()["items"]
    assert [one["decision"] for one in again] == [one["decision"] for one in rows]
    [fact] = await plan.world.told(PersonsMerged.TYPE)
    joined = {"enrolment_id": ended, "class_id": plan.class_id, "into_enrolment_id": kept}
    assert fact.data["joined"] == [joined]
    assert fact.data["heads"] == [{"class_id": plan.class_id, "change": -1}]
    await check_told(plan)

    assert (await undo(plan, merge_id)).status_code == 200
    assert await picture(plan) == before
    [fact] = await plan.world.told(PersonsParted.TYPE)
    assert (fact.data["joined"], fact.data["heads"]) == (
        [joined],
        [{"class_id": plan.class_id, "change": 1}],
    )
    await check_told(plan)


@pytest.mark.clause("C40", "Q10")
async def test_what_was_learnt_under_both_ids_is_joined_and_no_hour_counts_twice(plan: Plan):
    [kept, ended], survivor, retired = await two_trainees(plan)
    both = await hold(plan, "同上", {kept: 40, ended: 90})
    mine, theirs = await hold(plan, "甲", {kept: 100}), await hold(plan, "乙", {ended: 70})
    less = await hold(plan, "少", {kept: 80, ended: 10})
    await learn(plan, (kept, "a", "09", 60), (ended, "b", "09", 90), (ended, "c", "14", 30))
    await score(plan, (kept, "战略", 9000), (ended, "战略", 7000), (ended, "财务", 8000))
    await hand_in(plan, kept, "甲的报告")
    await hand_in(plan, ended, "乙的报告", accepted=True)
    before = await picture(plan)

    merge_id = await merged(plan, survivor, retired)
    assert await minutes_of(plan) == {
        (kept, both): 90,
        (kept, mine): 100,
        (kept, theirs): 70,
        (kept, less): 80,
    }
    after = (await picture(plan))["learnt"]
    assert [row["attended"] for row in after["sessions"]] == [1, 1, 1, 1]
    online = [row["seconds"] // 60 for row in after["online_records"] if row["enrolment_id"] == kept]
    assert sorted(online) == [30, 90]
    scores = {row["course"]: row["score"] for row in after["course_scores"] if row["enrolment_id"] == kept}
    assert scores == {"战略": 9000, "财务": 8000}
    reports = {row["enrolment_id"]: row["reference"] for row in after["final_reports"]}
    assert reports == {kept: "乙的报告", ended: "甲的报告"}
    told = {one.data["id"]: one.data["attended"] for one in await plan.world.told(SessionState.state_type())}
    assert told == dict.fromkeys((both, mine, theirs, less), 1)

    assert (await undo(plan, merge_id)).status_code == 200
    assert await picture(plan) == before
    await check_told(plan)


async def test_what_was_said_since_stays_when_the_two_are_parted(plan: Plan):
    [kept, ended], survivor, retired = await two_trainees(plan)
    corrected, untouched = await hold(plan, "一", {ended: 70}), await hold(plan, "二", {ended: 60})
    merge_id = await merged(plan, survivor, retired)
    await attend(plan, corrected, {kept: 95})
    await undo(plan, merge_id)
    assert await minutes_of(plan) == {(kept, corrected): 95, (ended, corrected): 70, (ended, untouched): 60}
    assert [row["attended"] for row in (await picture(plan))["learnt"]["sessions"]] in ([2, 1], [1, 2])


async def test_a_learning_platform_and_a_personal_link_may_go_on_with_the_former_ids(plan: Plan):
    [kept, ended], survivor, retired = await two_trainees(plan)
    [first] = await learn(plan, (ended, "a", "09", 60))
    link = (await lead(plan, f"/v1/enrolments/{ended}/personal-link", {"days": 300})).json()["token"]
    await merged(plan, survivor, retired)
    again, later, by_person = await learn(
        plan, (ended, "a", "09", 60), (ended, "b", "14", 30), (retired, "c", "16", 15)
    )
    assert (first["status"], again["status"], later["status"], by_person["status"]) == (201, 200, 201, 201)
    async with plan.world.as_(plan.institution) as http:
        own = (await http.get("/v1/me", headers={"Lingjun-Personal-Link": link})).json()
    assert (own["enrolment_id"], own["status"], own["online_minutes"]) == (kept, "enrolled", 105)


async def activity(plan: Plan, capacity: int, *enrolments: str) -> str:
    """Open an activity online and register these trainees; tell its id."""
    item = {
        "cycle_id": plan.cycle_id,
        "kind": "online",
        "title": "演练活动",
        "host": "演练企业",
        "place": "演练会议室",
        "place_department_id": plan.ningbo,
        "starts_on": "2023-04-01",
        "ends_on": "2023-04-02",
        "capacity": capacity,
    }
    made = (await lead(plan, "/v1/activities", {"items": [item]})).json()["results"][0]["value"]["id"]
    await lead(plan, f"/v1/activities/{made}/opening")
    items = [{"enrolment_id": one} for one in enrolments]
    await lead(plan, f"/v1/activities/{made}/participants", {"items": items})
    return str(made)


async def taking_part(plan: Plan, activity_id: str) -> list[tuple[str, str]]:
    rows = (await picture(plan))["learnt"]["participants"]
    mine = sorted((row for row in rows if row["activity_id"] == activity_id), key=lambda row: row["number"])
    return [(row["enrolment_id"], row["status"]) for row in mine]


@pytest.mark.clause("C21")
async def test_who_stood_twice_in_an_activity_takes_part_once_and_who_waits_moves_up(plan: Plan):
    kept, ended, third = await plan.trainees(plan.class_id, [1, 2, 3])
    survivor, retired, _ = [one["person"]["id"] for one in await plan.enrolments(plan.class_id)]
    full = await activity(plan, 2, ended, kept, third)
    alone = await activity(plan, 5, ended)
    before = await picture(plan)
    merge_id = await merged(plan, survivor, retired)
    assert await taking_part(plan, full) == [
        (kept, "registered"),
        (kept, "withdrawn"),
        (third, "registered"),
    ]
    assert await taking_part(plan, alone) == [(kept, "registered")]
    [seen, _] = sorted((await picture(plan))["learnt"]["activities"], key=lambda one: one["capacity"])
    assert (seen["registered"], seen["waiting"]) == (2, 0)
    # The place was given away: whoever has it again waits for one, first of all.
    await undo(plan, merge_id)
    assert await taking_part(plan, full) == [
        (ended, "registered"),
        (kept, "waiting"),
        (third, "registered"),
    ]
    assert await taking_part(plan, alone) == [(ended, "registered")]
    assert (await picture(plan))["enrolments"] == before["enrolments"]


async def test_of_two_who_came_to_an_activity_one_came(plan: Plan):
    kept, ended = await plan.trainees(plan.class_id, [1, 2])
    survivor, retired = [one["person"]["id"] for one in await plan.enrolments(plan.class_id)]
    held = await activity(plan, 5, kept, ended)
    await lead(plan, f"/v1/activities/{held}/holding")
    rows = (await picture(plan))["learnt"]["participants"]
    items = [{"participant_id": row["id"], "attended": True} for row in rows]
    await lead(plan, f"/v1/activities/{held}/attendance", {"items": items})
    before = await picture(plan)
    merge_id = await merged(plan, survivor, retired)
    [seen] = (await picture(plan))["learnt"]["activities"]
    assert (seen["registered"], seen["attended"]) == (1, 1)
    await undo(plan, merge_id)
    assert await picture(plan) == before


async def test_a_place_that_was_given_to_somebody_since_is_not_taken_back(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    _, survivor, retired = await two_trainees(plan)
    merge_id = await merged(plan, survivor, retired)
    await plan.trainees(plan.class_id, [3])
    before = await picture(plan)
    refused = await undo(plan, merge_id)
    assert (refused.status_code, kind_of(refused)) == (409, "capacity-exceeded")
    assert await picture(plan) == before
    await plan.world.turn(plan.class_id, capacity=3)
    assert (await undo(plan, merge_id)).status_code == 200


async def test_two_who_are_parted_after_their_class_was_cancelled_have_both_left_it(plan: Plan):
    [kept, ended], survivor, retired = await two_trainees(plan)
    merge_id = await merged(plan, survivor, retired)
    await plan.world.turn(plan.class_id, status="cancelled")
    async with plan.world.database.write() as session:
        await withdraw_all(session, plan.class_id, NOW)
    assert (await undo(plan, merge_id)).status_code == 200
    seen = await picture(plan)
    left = {(kept, survivor, "withdrawn"), (ended, retired, "withdrawn")}
    assert {row[:3] for row in seen["enrolments"]} == left
    assert seen["heads"] == []
    await check_told(plan)


@pytest.mark.clause("C40")
async def test_what_a_confirmed_completion_was_judged_by_is_not_parted_any_more(plan: Plan):
    enrolments, survivor, retired = await two_trainees(plan)
    proposal = await propose(plan, plan.class_id, enrolments)
    merge_id = await merged(plan, survivor, retired)
    async with plan.world.as_(plan.centre) as http:
        outdated = await http.post(f"/v1/completions/{proposal}/confirmation")
    assert kind_of(outdated) == "proposal-outdated"
    await lead(plan, "/v1/completions", {"class_id": plan.class_id})
    await confirm(plan, proposal)
    before = await picture(plan)
    refused = await undo(plan, merge_id)
    assert (refused.status_code, kind_of(refused)) == (409, "completion-confirmed-since")
    assert await picture(plan) == before


@pytest.mark.clause("C40")
async def test_two_who_hold_a_certificate_of_one_class_each_are_not_merged(plan: Plan):
    enrolments, survivor, retired = await two_trainees(plan)
    await confirm(plan, await propose(plan, plan.class_id, enrolments))
    async with plan.world.database.write() as session:
        for number, one in enumerate(enrolments, 1):
            noted = {"certificate_number": f"演练-{number}", "certificate_noted_at": NOW}
            await session.execute(update(Enrolment).where(Enrolment.id == one).values(noted))
    before = await picture(plan)
    refused = await merge(plan, survivor, retired)
    assert (refused.status_code, kind_of(refused)) == (409, "both-certified")
    assert "演练-1" in refused.json()["detail"]
    assert await picture(plan) == before


async def test_a_trainee_whose_place_an_open_roster_fills_is_not_joined_until_it_is_closed(plan: Plan):
    [kept, ended], survivor, retired = await two_trainees(plan)
    await put_forward(plan, plan.class_id, 3)
    [third] = [
        one["id"]
        for one in (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
        if one["person"]["id"] not in {survivor, retired}
    ]
    drafted = await plan.replace(plan.class_id, [(third, ended)])
    refused = await merge(plan, survivor, retired)
    assert kind_of(refused) == "nominations-on-open-roster"
    assert drafted.json()["id"] in refused.json()["detail"]
    await plan.hand_in(drafted.json()["id"], ["approve"])
    assert (await plan.approve(drafted.json()["id"])).status_code == 200
    await merged(plan, survivor, retired)
    assert [one["status"] for one in await plan.enrolments(plan.class_id)].count("enrolled") == 2
    assert kept in {one["id"] for one in await plan.enrolments(plan.class_id) if one["head"]}
