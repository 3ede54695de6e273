"""Checking in with the code of a session, by a personal link: for a while, with few tries, once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.enrollment.learning.models import CheckIn
from tests.support.client import client
from tests.support.enrollment_world import NOW, World
from tests.support.school import School

pytestmark = pytest.mark.clause("C11", "C20")


class Room(School):
    """A session that has begun, and trainees with their links."""

    async def begin(self, trainees: int = 1) -> "Room":
        item = {
            "class_id": self.class_id,
            "title": "第一讲",
            "mode": "classroom",
            "method": "lecture",
            "starts_at": (NOW - timedelta(minutes=5)).isoformat(),
            "minutes": 180,
        }
        await self.world.turn(self.class_id, ends_on=NOW.date())
        self.enrolments = await self.world.enrol(self.class_id, [self.zhejiang] * trainees)
        async with self.world.as_(self.lead) as http:
            made = await http.post("/v1/sessions", json={"items": [item]})
            self.session_id = str(made.json()["results"][0]["value"]["id"])
            links = [
                await http.post(f"/v1/enrolments/{one}/personal-link", json={}) for one in self.enrolments
            ]
        self.tokens = [str(one.json()["token"]) for one in links]
        return self

    async def open(self, by: str | None = None, now: datetime = NOW, **headers: str) -> httpx.Response:
        async with self.world.as_(by or self.lead, now=now) as http:
            path = f"/v1/sessions/{self.session_id}/check-in"
            return await http.post(path, json={"minutes": 15}, headers=headers)

    async def give(self, code: str, token: str | None = None, now: datetime = NOW) -> httpx.Response:
        body = {"session_id": self.session_id, "code": code}
        headers = {"Lingjun-Personal-Link": token or self.tokens[0]}
        async with client(self.world.app, "anonymous", now=now) as http:
            return await http.post("/v1/me/check-ins", json=body, headers=headers)

    async def attended(self) -> int:
        told = await self.world.told("enrollment.session.state.v1")
        return int(told[-1].data["attended"])

    async def own_minutes(self) -> list[int | None]:
        async with client(self.world.app, "anonymous", now=NOW) as http:
            own = await http.get("/v1/me", headers={"Lingjun-Personal-Link": self.tokens[0]})
        return [one["attended_minutes"] for one in own.json()["sessions"]]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.fixture
async def room(world: World) -> Room:
    made = Room(world)
    await made.settle()
    return await made.begin()


async def test_the_right_code_marks_the_whole_session_as_attended(room: Room):
    opened = await room.open()
    assert opened.status_code == 201, opened.text
    code = opened.json()["code"]
    given = await room.give(code)
    assert given.json() == {"session_id": room.session_id, "accepted": True, "tries_left": 5}
    assert await room.own_minutes() == [180]
    assert await room.attended() == 1
    states = len(await room.world.told("enrollment.session.state.v1"))
    assert (await room.give(code)).json()["accepted"] is True
    assert len(await room.world.told("enrollment.session.state.v1")) == states


async def test_the_code_holds_for_its_window_only(room: Room):
    early = await room.give("000000")
    assert (early.status_code, early.json()["type"]) == (409, "urn:lingjun:problem:check-in-not-open")
    code = (await room.open()).json()["code"]
    late = await room.give(code, now=NOW + timedelta(minutes=15))
    assert late.status_code == 409
    assert (await room.give(code, now=NOW + timedelta(minutes=14, seconds=59))).json()["accepted"] is True


async def test_wrong_codes_are_counted_and_then_even_the_right_one_is_refused(room: Room):
    code = (await room.open()).json()["code"]
    left = [(await room.give(wrong(code))).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    spent = await room.give(code)
    assert (spent.status_code, spent.json()["type"]) == (429, "urn:lingjun:problem:check-in-tries-spent")
    assert (spent.headers["retry-after"], spent.json()["retry_after"]) == (str(15 * 60), 15 * 60)
    # Another link of the same trainee has no tries of its own.
    async with room.world.as_(room.lead) as http:
        made = await http.post(f"/v1/enrolments/{room.enrolments[0]}/personal-link", json={})
    room.tokens[0] = made.json()["token"]
    assert (await room.give(code)).status_code == 429
    assert await room.own_minutes() == [None]
    # A new window has a new code, and forgets what was wrong in the one before.
    again = (await room.open()).json()["code"]
    assert (await room.give(again)).json()["accepted"] is True


async def test_tries_at_once_are_all_counted(room: Room):
    code = (await room.open()).json()["code"]
    answers = await asyncio.gather(*(room.give(wrong(code)) for _ in range(12)))
    assert sorted(one.status_code for one in answers) == [200] * 5 + [429] * 7


async def test_what_the_lead_recorded_stays(room: Room):
    code = (await room.open()).json()["code"]
    said: dict[str, Any] = {"items": [{"enrolment_id": room.enrolments[0], "minutes": 90}]}
    async with room.world.as_(room.lead) as http:
        await http.post(f"/v1/sessions/{room.session_id}/attendance", json=said)
    assert (await room.give(code)).json()["accepted"] is True
    assert await room.own_minutes() == [90]


async def test_only_the_lead_opens_once_the_session_has_begun(room: Room):
    assert (await room.open(by=room.zhejiang)).status_code == 403
    early = await room.open(now=NOW - timedelta(minutes=6))
    assert (early.status_code, early.json()["type"]) == (409, "urn:lingjun:problem:session-not-begun")


async def test_the_code_is_kept_as_a_hash_and_shown_once(room: Room):
    first = await room.open(**{"Idempotency-Key": "window-of-one"})
    again = await room.open(**{"Idempotency-Key": "window-of-one"})
    assert again.json() == {**first.json(), "code": None}
    async with room.world.database.read() as session:
        kept = (await session.scalars(select(CheckIn))).one()
    assert first.json()["code"].encode() not in kept.code_index


async def test_a_trainee_of_another_class_does_not_check_in(room: Room):
    code = (await room.open()).json()["code"]
    elsewhere = await room.world.course(room.cycle_id, room.lead, room.ningbo)
    [stranger] = await room.world.enrol(elsewhere, [room.zhejiang])
    async with room.world.as_(room.lead) as http:
        made = await http.post(f"/v1/enrolments/{stranger}/personal-link", json={})
    refused = await room.give(code, token=made.json()["token"])
    assert (refused.status_code, refused.json()["type"]) == (
        422,
        "urn:lingjun:problem:enrolment-not-of-class",
    )
