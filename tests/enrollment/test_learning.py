"""Sessions and attendance over HTTP: by the lead of the class, within it, and the last word stands."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events.registry import PlannedVisit
from tests.support.enrollment_world import World, load

NINE = datetime(2023, 3, 6, 1, tzinfo=UTC)


class Place:
    """A class that runs, its lead and two departments."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def settle(self) -> "Place":
        self.ningbo = await self.world.organisation("department", "宁波市", "330200")
        self.lead = await self.world.organisation("institution", "演练大学")
        self.cycle_id = await self.world.cycle(load("2022-2023"))
        self.class_id = await self.world.course(self.cycle_id, self.lead, self.ningbo)
        return self

    def session(self, **differs: Any) -> dict[str, Any]:
        plain = {
            "class_id": self.class_id,
            "title": "开班",
            "mode": "intensive",
            "method": "lecture",
            "starts_at": NINE.isoformat(),
            "minutes": 480,
        }
        return {**plain, **differs}

    async def plan(self, *items: dict[str, Any], by: str | None = None) -> list[dict[str, Any]]:
        async with self.world.as_(by or self.lead) as http:
            answer = await http.post("/v1/sessions", json={"items": list(items)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def attend(self, session_id: str, *items: tuple[str, int]) -> list[dict[str, Any]]:
        body = {"items": [{"enrolment_id": one, "minutes": minutes} for one, minutes in items]}
        async with self.world.as_(self.lead) as http:
            answer = await http.post(f"/v1/sessions/{session_id}/attendance", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def attended(self) -> list[int]:
        states = await self.world.told("enrollment.session.state.v1")
        return [state.data["attended"] for state in states]


@pytest.fixture
async def place(world: World) -> Place:
    return await Place(world).settle()


@pytest.mark.clause("C11", "C20")
async def test_the_lead_plans_sessions_in_the_modes_of_the_cycle(place: Place):
    results = await place.plan(
        place.session(), place.session(title="参访", mode="practice"), place.session(mode="hypnosis")
    )
    assert [result["status"] for result in results] == [201, 201, 422]
    assert results[2]["problem"]["code"] == "hypnosis"
    await place.world.enrol(place.class_id, [place.ningbo])
    async with place.world.as_(place.ningbo) as http:
        answer = await http.get("/v1/sessions", params={"class_id": place.class_id})
    assert {one["title"] for one in answer.json()["items"]} == {"开班", "参访"}


async def test_each_wrong_session_is_refused_by_itself(place: Place):
    results = await place.plan(
        place.session(),
        place.session(),
        place.session(starts_at="2023-11-01T00:00:00+08:00"),
        place.session(class_id="0190a0b0-0000-7000-8000-000000000000"),
    )
    assert [result["status"] for result in results] == [201, 409, 422, 404]
    assert results[2]["problem"]["errors"][0]["pointer"] == "/items/2/starts_at"
    assert (await place.plan(place.session()))[0]["problem"]["type"].endswith("session-repeated")


async def test_nobody_but_the_lead_plans_or_records(place: Place):
    other = await place.world.organisation("institution", "别的大学")
    [refused] = await place.plan(place.session(), by=other)
    assert refused["status"] == 403
    [made] = await place.plan(place.session())
    body = {"items": [{"enrolment_id": made["value"]["id"], "minutes": 1}]}
    async with place.world.as_(other) as http:
        answer = await http.post(f"/v1/sessions/{made['value']['id']}/attendance", json=body)
        hidden = await http.get("/v1/sessions", params={"class_id": place.class_id})
    assert (answer.status_code, hidden.status_code) == (403, 403)


async def test_a_class_that_is_not_approved_has_no_sessions(place: Place):
    await place.world.turn(place.class_id, status="filed")
    [refused] = await place.plan(place.session())
    assert (refused["status"], refused["problem"]["state"]) == (409, "filed")


async def test_attendance_is_counted_and_told_once_a_request(place: Place):
    trainees = await place.world.enrol(place.class_id, [place.ningbo] * 3)
    session_id = (await place.plan(place.session()))[0]["value"]["id"]
    results = await place.attend(session_id, *((one, 480) for one in trainees[:2]), (trainees[2], 0))
    assert [result["status"] for result in results] == [201] * 3
    states = await place.world.told("enrollment.session.state.v1")
    assert [(state.version, state.data["attended"]) for state in states] == [(1, 0), (2, 2)]
    assert (states[0].data["held_on"], states[1].data["held_on"]) == (None, "2023-03-06")


async def test_the_last_word_stands_and_saying_it_again_changes_nothing(place: Place):
    one, two = await place.world.enrol(place.class_id, [place.ningbo] * 2)
    session_id = (await place.plan(place.session()))[0]["value"]["id"]
    await place.attend(session_id, (one, 480), (two, 480))
    again = await place.attend(session_id, (one, 480), (two, 480))
    assert [result["status"] for result in again] == [200, 200]
    await place.attend(session_id, (two, 0))
    assert await place.attended() == [0, 2, 1]


async def test_each_wrong_attendance_is_refused_by_itself(place: Place):
    trainee, twice = await place.world.enrol(place.class_id, [place.ningbo] * 2)
    elsewhere = await place.world.course(place.cycle_id, place.lead, place.ningbo)
    [stranger] = await place.world.enrol(elsewhere, [place.ningbo])
    session_id = (await place.plan(place.session()))[0]["value"]["id"]
    results = await place.attend(session_id, (trainee, 481), (stranger, 10), (twice, 10), (twice, 20))
    assert [result["status"] for result in results] == [422, 422, 201, 409]
    assert [result["problem"]["errors"][0]["pointer"] for result in results if result["problem"]] == [
        "/items/0/minutes",
        "/items/1/enrolment_id",
        "/items/3/enrolment_id",
    ]


async def test_attendance_is_refused_before_the_session_begins(place: Place):
    [trainee] = await place.world.enrol(place.class_id, [place.ningbo])
    session_id = (await place.plan(place.session()))[0]["value"]["id"]
    body = {"items": [{"enrolment_id": trainee, "minutes": 480}]}
    async with place.world.as_(place.lead, now=datetime(2023, 3, 6, 0, 59, tzinfo=UTC)) as http:
        answer = await http.post(f"/v1/sessions/{session_id}/attendance", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lingjun:problem:session-not-begun")


async def test_a_session_that_does_not_exist_has_no_attendance(place: Place):
    body = {"items": [{"enrolment_id": "0190a0b0-0000-7000-8000-000000000000", "minutes": 1}]}
    async with place.world.as_(place.lead) as http:
        answer = await http.post("/v1/sessions/nothing/attendance", json=body)
    assert answer.status_code == 404


@pytest.mark.clause("C11")
async def test_the_report_of_a_class_shows_which_pairs_of_modes_occur(place: Place):
    planned = await place.plan(
        place.session(mode="intensive"),
        place.session(mode="practice", title="参访"),
        place.session(mode="classroom", title="课堂"),
    )
    trainees = await place.world.enrol(place.class_id, [place.ningbo])
    await place.attend(planned[0]["value"]["id"], (trainees[0], 480))
    report = await completeness(place, place.ningbo)
    assert [(one["pair"], one["both_planned"], one["both_held"]) for one in report["pairs"]] == [
        ("classroom_and_application", False, False),
        ("study_and_practice", True, False),
    ]
    counts = {one["mode"]: (one["planned"], one["held"]) for pair in report["pairs"] for one in pair["modes"]}
    assert counts == {"intensive": (1, 1), "practice": (1, 0), "classroom": (1, 0), "applied": (0, 0)}
    assert report["complete"] is False
    applied = await place.plan(place.session(mode="applied", title="实践"))
    for one in (*planned[1:], *applied):
        await place.attend(one["value"]["id"], (trainees[0], 480))
    assert (await completeness(place, place.lead))["complete"] is True


@pytest.mark.clause("C11")
async def test_the_report_of_a_class_gates_nothing_and_is_seen_by_who_sees_its_trainees(place: Place):
    other = await place.world.organisation("institution", "别的大学")
    async with place.world.as_(other) as http:
        hidden = await http.get("/v1/class-completeness", params={"class_id": place.class_id})
    assert hidden.status_code == 403
    assert (await completeness(place, place.lead))["complete"] is False
    assert [one["status"] for one in await place.plan(place.session())] == [201]


@pytest.mark.clause("C11", "C27")
async def test_a_session_names_the_visit_of_the_plan_that_it_carries_out_and_the_report_shows_both(
    place: Place,
):
    hosts = ("演练工厂", "演练实验室")
    visits = tuple(PlannedVisit(number=number, host=host) for number, host in enumerate(hosts, 1))
    await place.world.turn(place.class_id, planned_visits=visits)
    trainees = await place.world.enrol(place.class_id, [place.ningbo])
    unknown, first, again = await place.plan(
        place.session(planned_visit=3),
        place.session(planned_visit=1, title="参观"),
        place.session(planned_visit=1, title="再次参观"),
    )
    assert unknown["problem"]["errors"][0]["pointer"] == "/items/0/planned_visit"
    assert unknown["problem"]["type"].endswith("visit-not-planned")
    assert (first["status"], first["value"]["planned_visit"]) == (201, 1)
    await place.attend(again["value"]["id"], (trainees[0], 10))
    report = await completeness(place, place.lead)
    shown = [(one["number"], one["host"], len(one["session_ids"]), one["held"]) for one in report["visits"]]
    assert shown == [(1, hosts[0], 2, True), (2, hosts[1], 0, False)]
    assert (report["visits_planned"], report["visits_held"]) == (2, 1)
    # A later plan that goes elsewhere has not been carried out by what was held.
    await place.world.turn(place.class_id, planned_visits=(PlannedVisit(number=1, host="别的工厂"),))
    report = await completeness(place, place.lead)
    assert (report["visits_planned"], report["visits_held"]) == (1, 0)


async def completeness(place: Place, by: str) -> dict[str, Any]:
    async with place.world.as_(by) as http:
        answer = await http.get("/v1/class-completeness", params={"class_id": place.class_id})
    assert answer.status_code == 200, answer.text
    return answer.json()
