"""Completion over HTTP: proposed by the lead, confirmed by another, told with sealed names."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.rosters.models import Roster
from shared.events.enrollment import CompletionConfirmed, name_purpose
from shared.events.registry import CompletionCriteria
from shared.ids import new_id
from shared.keys import KeyRing
from shared.sealed import Sealed, open_from
from tests.support.databases import until_somebody_waits
from tests.support.enrollment_world import World, load

pytestmark = pytest.mark.clause("C40", "Q10")
FIRST = datetime(2023, 3, 6, 1, tzinfo=UTC)


class Finished:
    """A class of four sessions of 240 minutes that has finished; who attended how much is up to the test."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def settle(self) -> "Finished":
        self.ningbo = await self.world.organisation("department", "宁波市", "330200")
        self.zhejiang = await self.world.organisation("department", "浙江省", "330000")
        self.lead = await self.world.organisation("institution", "演练大学")
        self.centre = await self.world.organisation("talent_exchange_centre", "人才交流中心")
        self.cycle_id = await self.world.cycle(load("2022-2023"))
        self.class_id = await self.world.course(self.cycle_id, self.lead, self.ningbo)
        items = [
            {
                "class_id": self.class_id,
                "title": f"第{number}课",
                "mode": "intensive",
                "method": "lecture",
                "starts_at": (FIRST + timedelta(days=number)).isoformat(),
                "minutes": 240,
            }
            for number in range(5)
        ]
        planned = await self.post(self.lead, "/v1/sessions", {"items": items})
        self.sessions = [result["value"]["id"] for result in planned.json()["results"]][:4]
        return self

    async def post(self, by: str, path: str, body: Any, **caller: Any) -> httpx.Response:
        headers = caller.pop("headers", {})
        async with self.world.as_(by, **caller) as http:
            return await http.post(path, json=body, headers=headers)

    async def attend(self, minutes: dict[str, tuple[int, ...]]) -> None:
        """Record for each trainee the minutes of each session."""
        for place, session_id in enumerate(self.sessions):
            items = [{"enrolment_id": one, "minutes": said[place]} for one, said in minutes.items()]
            path = f"/v1/sessions/{session_id}/attendance"
            answer = await self.post(self.lead, path, {"items": items})
            assert all(result["status"] < 300 for result in answer.json()["results"]), answer.text

    async def finish(self, **changes: Any) -> None:
        await self.world.turn(self.class_id, status="finished", **changes)

    async def propose(self, by: str | None = None, **caller: Any) -> httpx.Response:
        return await self.post(by or self.lead, "/v1/completions", {"class_id": self.class_id}, **caller)

    async def confirm(self, completion_id: str, by: str | None = None, **caller: Any) -> httpx.Response:
        return await self.post(
            by or self.centre, f"/v1/completions/{completion_id}/confirmation", {}, **caller
        )

    async def statuses(self) -> dict[str, tuple[str, int]]:
        """Read what was told last of each enrolment."""
        told = await self.world.told("enrollment.enrolment.state.v1")
        return {event.data["id"]: (event.data["status"], event.version) for event in told}


FULL, SHORT, BARELY = (240, 240, 240, 240), (240, 240, 240, 0), (240, 240, 240, 10)


@pytest.fixture
async def course(world: World) -> Finished:
    return await Finished(world).settle()


async def test_the_lead_of_a_finished_class_proposes_who_completed_with_reasons(course: Finished):
    met, short = await course.world.enrol(course.class_id, [course.ningbo, course.zhejiang])
    await course.attend({met: FULL, short: SHORT})
    await course.finish(completion=CompletionCriteria(min_attendance_percent=80, min_minutes=700))
    answer = await course.propose()
    assert answer.status_code == 201, answer.text
    proposal = answer.json()
    assert (proposal["status"], proposal["completed"], proposal["not_completed"]) == ("proposed", 1, 1)
    assert proposal["held_minutes"] == 960
    async with course.world.as_(course.lead) as http:
        rows = (await http.get(f"/v1/completions/{proposal['id']}")).json()["rows"]
    assert [(row["position"], row["enrolment_id"], row["met"]) for row in rows] == [
        (1, met, True),
        (2, short, False),
    ]
    assert [reason["code"] for reason in rows[1]["reasons"]] == ["attendance_short", "minutes_met"]
    assert rows[1]["reasons"][0]["en"] == "Attendance 75%, below the 80% required."


async def test_a_session_that_nobody_attended_was_not_held(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: (240, 240, 0, 0)})
    await course.finish()
    assert (await course.propose()).json()["held_minutes"] == 480


async def test_confirming_closes_every_enrolment_and_tells_sealed_names(course: Finished):
    first, short, last = await course.world.enrol(course.class_id, [course.ningbo] * 3)
    await course.attend({first: FULL, short: SHORT, last: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    answer = await course.confirm(proposal["id"], headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.headers["etag"]) == ("confirmed", '"2"')
    assert await course.statuses() == {
        first: ("completed", 2),
        short: ("not_completed", 2),
        last: ("completed", 2),
    }
    [fact] = await course.world.told(CompletionConfirmed.TYPE)
    assert fact.needs == (
        (f"registry.class/{course.class_id}", 2),
        (f"registry.cycle/{course.cycle_id}", 1),
    )
    told = CompletionConfirmed.model_validate(fact.data)
    assert [(row.enrolment_id, row.position, row.minutes) for row in told.rows] == [
        (first, 1, 960),
        (last, 3, 960),
    ]
    keys = KeyRing(course.world.app.state.settings.keys_directory).private("name-seal")
    names = [
        open_from(keys, Sealed(**row.name.model_dump()), name_purpose(row.enrolment_id)) for row in told.rows
    ]
    assert names == ["演练1", "演练3"]
    assert "演练1" not in str(fact.data)


async def test_a_proposal_is_computed_anew_until_it_is_confirmed(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: BARELY})
    await course.finish()
    first = (await course.propose()).json()
    await course.attend({one: FULL})
    second = (await course.propose()).json()
    assert (first["id"], first["completed"], second["completed"]) == (second["id"], 0, 1)
    await course.confirm(first["id"])
    again = await course.propose()
    assert (again.status_code, again.json()["type"]) == (
        409,
        "urn:lingjun:problem:completion-confirmed-already",
    )
    states = await course.world.told("enrollment.completion.state.v1")
    assert [(state.version, state.data["status"]) for state in states] == [
        (1, "proposed"),
        (2, "proposed"),
        (3, "confirmed"),
    ]


async def test_of_many_confirmations_at_the_same_instant_one_stands(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    answers = await asyncio.gather(*(course.confirm(proposal["id"]) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(await course.world.told(CompletionConfirmed.TYPE)) == 1


async def test_two_first_proposals_at_the_same_instant_follow_each_other(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    answers = await asyncio.gather(course.propose(), course.propose())
    assert [answer.status_code for answer in answers] == [201, 201]
    states = await course.world.told("enrollment.completion.state.v1")
    assert [state.version for state in states] == [1, 2]


async def test_a_confirmation_waits_for_an_approval_that_is_under_way(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    db = course.world.database
    async with db.write() as session:
        # An approval locks its roster before it looks at the class, which was running at that time.
        roster = (await session.scalars(select(Roster).with_for_update())).one()
        confirming = asyncio.create_task(course.confirm(proposal["id"]))
        await until_somebody_waits(db)
        newcomer = Enrolment(
            cycle_id=course.cycle_id,
            revision=1,
            class_id=course.class_id,
            person_id=new_id(),
            nomination_id=new_id(),
            roster_id=roster.id,
            position=2,
            department_id=course.ningbo,
            enterprise_id=new_id(),
            head=False,
            enrolled_at=FIRST,
        )
        session.add(newcomer)
    refused = await confirming
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lingjun:problem:proposal-outdated")


async def test_a_proposal_that_no_longer_fits_the_attendance_cannot_be_confirmed(course: Finished):
    one, two = await course.world.enrol(course.class_id, [course.ningbo] * 2)
    await course.attend({one: FULL, two: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    await course.attend({two: SHORT, one: FULL})
    refused = await course.confirm(proposal["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lingjun:problem:proposal-outdated")
    await course.propose()
    assert (await course.confirm(proposal["id"])).status_code == 200


async def test_a_confirmed_completion_ends_the_recording_of_attendance(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    await course.confirm((await course.propose()).json()["id"])
    body = {"items": [{"enrolment_id": one, "minutes": 0}]}
    answer = await course.post(course.lead, f"/v1/sessions/{course.sessions[0]}/attendance", body)
    assert answer.json()["results"][0]["problem"]["state"] == "completed"


@pytest.mark.clause("Q16")
async def test_the_principal_that_proposed_cannot_confirm(course: Finished):
    class_id = await course.world.course(course.cycle_id, course.centre, course.ningbo)
    course.lead, course.class_id = course.centre, class_id
    [one] = await course.world.enrol(class_id, [course.ningbo])
    item = {
        "class_id": class_id,
        "title": "课",
        "mode": "practice",
        "method": "visit",
        "starts_at": FIRST.isoformat(),
        "minutes": 60,
    }
    planned = await course.post(course.centre, "/v1/sessions", {"items": [item]})
    course.sessions = [planned.json()["results"][0]["value"]["id"]]
    await course.attend({one: (60,)})
    await course.finish()
    proposal = (await course.propose(principal="anna")).json()
    refused = await course.confirm(proposal["id"], principal="anna")
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:lingjun:problem:confirmer-is-proposer")
    assert (await course.confirm(proposal["id"], principal="boris")).status_code == 200


async def test_only_whom_the_pack_names_confirms_and_only_the_lead_proposes(course: Finished):
    [one] = await course.world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    assert (await course.propose(course.centre)).status_code == 403
    proposal = (await course.propose()).json()
    refused = await course.confirm(proposal["id"], by=course.lead)
    assert (refused.status_code, refused.json()["act"]) == (403, "confirm_completion")
    stale = await course.confirm(proposal["id"], headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert (await course.confirm("nothing")).status_code == 404


async def test_a_class_that_runs_or_taught_nobody_cannot_be_completed(course: Finished):
    running = await course.propose()
    assert (running.status_code, running.json()["state"]) == (409, "running")
    await course.finish(completion=None)
    assert (await course.propose()).json()["type"] == "urn:lingjun:problem:criteria-missing"
    await course.finish(completion=CompletionCriteria(min_attendance_percent=80))
    assert (await course.propose()).json()["type"] == "urn:lingjun:problem:nothing-held"


@pytest.mark.clause("C35", "Q11")
async def test_a_department_without_trainees_in_a_class_sees_neither_its_completion_nor_its_sessions(
    course: Finished,
):
    """Not even the department of the place, which hears of head counts only (Q11)."""
    [theirs] = await course.world.enrol(course.class_id, [course.zhejiang])
    await course.attend({theirs: FULL})
    await course.finish()
    proposed = (await course.propose()).json()
    for who, status in ((course.zhejiang, 200), (course.ningbo, 403)):
        async with course.world.as_(who) as http:
            for path in ("/v1/sessions", "/v1/completions"):
                assert (await http.get(path, params={"class_id": course.class_id})).status_code == status
            one = await http.get(f"/v1/completions/{proposed['id']}")
        assert one.status_code == (200 if status == 200 else 404)


async def test_a_department_sees_the_rows_of_its_own_trainees_only(course: Finished):
    ours, theirs = await course.world.enrol(course.class_id, [course.ningbo, course.zhejiang])
    await course.attend({ours: FULL, theirs: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    stranger = await course.world.organisation("institution", "别的大学")
    operator = await course.world.organisation("operator", "运维")
    seen = {}
    for who in (course.ningbo, course.zhejiang, stranger, operator):
        async with course.world.as_(who) as http:
            answer = await http.get(f"/v1/completions/{proposal['id']}")
        seen[who] = [row["enrolment_id"] for row in answer.json().get("rows", ())]
    assert seen == {course.ningbo: [ours], course.zhejiang: [theirs], stranger: [], operator: []}


async def test_a_long_completion_is_told_in_parts_in_roster_order(course: Finished):
    course.sessions = course.sessions[:1]
    first = await course.world.enrol(course.class_id, [course.ningbo] * 400)
    second = await course.world.enrol(course.class_id, [course.ningbo] * 200)
    await course.attend(dict.fromkeys([*second, *first], (240,)))
    await course.finish()
    proposal = (await course.propose()).json()
    assert (await course.confirm(proposal["id"])).json()["completed"] == 600
    parts = await course.world.told(CompletionConfirmed.TYPE)
    assert [(part.part, part.parts, len(part.data["rows"])) for part in parts] == [(1, 2, 500), (2, 2, 100)]
    told = [row["enrolment_id"] for part in parts for row in part.data["rows"]]
    assert told == [*first, *second]
