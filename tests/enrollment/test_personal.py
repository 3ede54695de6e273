"""Personal links over HTTP: one a trainee, the own record alone, and one answer to all that fails."""

import asyncio
import base64
import json
from collections import Counter
from datetime import datetime, timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey

from services.enrollment.personal.tokens import LinkTokens
from shared.ids import new_id
from shared.keys import KeyRing
from tests.support.activities import Ledger
from tests.support.client import client
from tests.support.enrollment_world import NOW, World
from tests.support.school import School, hours

pytestmark = pytest.mark.clause("Q11")


class Linked(School):
    """A class with a trainee of 浙江, and what is done by a link."""

    async def make(self, enrolment_id: str, by: str | None = None, days: int = 90) -> httpx.Response:
        async with self.world.as_(by or self.lead) as http:
            return await http.post(f"/v1/enrolments/{enrolment_id}/personal-link", json={"days": days})

    async def token(self, enrolment_id: str) -> str:
        made = await self.make(enrolment_id)
        assert made.status_code == 201, made.text
        return str(made.json()["token"])

    async def own(self, token: str | None, now: datetime = NOW) -> httpx.Response:
        headers = {} if token is None else {"Lingjun-Personal-Link": token}
        async with client(self.world.app, "anonymous", now=now) as http:
            return await http.get("/v1/me", headers=headers)

    async def session(self, title: str = "第一讲") -> str:
        item = {
            "class_id": self.class_id,
            "title": title,
            "mode": "classroom",
            "method": "lecture",
            "starts_at": "2023-03-06T01:00:00Z",
            "minutes": 180,
        }
        async with self.world.as_(self.lead) as http:
            made = await http.post("/v1/sessions", json={"items": [item]})
        return str(made.json()["results"][0]["value"]["id"])


@pytest.fixture
async def linked(world: World) -> Linked:
    made = Linked(world)
    await made.settle()
    return made


async def test_a_trainee_reads_the_own_record_masked(linked: Linked):
    trainee, other = await linked.world.enrol(linked.class_id, [linked.zhejiang, linked.ningbo])
    session_id = await linked.session()
    said = [{"enrolment_id": trainee, "minutes": 170}, {"enrolment_id": other, "minutes": 10}]
    async with linked.world.as_(linked.lead) as http:
        await http.post(f"/v1/sessions/{session_id}/attendance", json={"items": said})
    await linked.session("第二讲")
    await linked.report(hours(trainee), hours(other, "2"))
    scores = {"items": [{"enrolment_id": trainee, "course": "战略", "score": 8550}]}
    await linked.post("/v1/course-scores", scores)
    answer = await linked.own(await linked.token(trainee))
    assert answer.status_code == 200, answer.text
    own = answer.json()
    assert (own["enrolment_id"], own["status"], own["class"]["id"]) == (trainee, "enrolled", linked.class_id)
    assert own["person"]["name"] == "演**"
    assert [(one["title"], one["attended_minutes"]) for one in own["sessions"]] == [
        ("第一讲", 170),
        ("第二讲", None),
    ]
    assert (own["minutes"], own["online_minutes"]) == (170, 90)
    assert own["scores"] == [{"course": "战略", "score": 8550}]
    assert (own["completion"], own["certificate_number"], own["activities"]) == (None, None, [])
    assert other not in answer.text


async def test_the_own_record_shows_completion_with_reasons_and_activities(linked: Linked):
    [trainee] = await linked.world.enrol(linked.class_id, [linked.zhejiang])
    token = await linked.token(trainee)
    session_id = await linked.session()
    async with linked.world.as_(linked.lead) as http:
        said = [{"enrolment_id": trainee, "minutes": 180}]
        await http.post(f"/v1/sessions/{session_id}/attendance", json={"items": said})
        await linked.world.turn(linked.class_id, status="finished")
        await http.post("/v1/completions", json={"class_id": linked.class_id})
    ledger = Ledger(linked.world)
    ledger.lead, ledger.ningbo, ledger.cycle_id = linked.lead, linked.ningbo, linked.cycle_id
    activity_id = await ledger.opened()
    await ledger.register(activity_id, trainee)
    own = (await linked.own(token)).json()
    assert (own["completion"]["status"], own["completion"]["met"]) == ("proposed", True)
    assert [one["code"] for one in own["completion"]["reasons"]] == ["attendance_met"]
    assert [(one["activity_id"], one["status"]) for one in own["activities"]] == [(activity_id, "registered")]


async def test_whatever_fails_has_one_answer(linked: Linked):
    [trainee] = await linked.world.enrol(linked.class_id, [linked.zhejiang])
    replaced = await linked.token(trainee)
    token = await linked.token(trainee)
    keys = KeyRing(linked.world.app.state.settings.keys_directory).private("personal-link")
    stranger = KeySet([OctKey.generate_key(256, {"kid": str(keys.keys[0].kid)})])
    head, _, mark = token.split(".")
    claims = {"aud": "lingjun-personal-link", "sub": new_id()}
    moved = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    other_use = {"aud": "something-else", "sub": new_id()}
    header = {"alg": "HS256", "kid": str(keys.keys[0].kid)}
    tried = [
        None,
        "",
        "a" * 2000,
        "a.b.c",
        f"{head}.{moved}.{mark}",
        LinkTokens(stranger).sign(new_id()),
        LinkTokens(keys).sign(new_id()),
        jwt.encode(header, other_use, keys.keys[0]),
        replaced,
    ]
    answers = [await linked.own(one) for one in tried]
    answers.append(await linked.own(token, now=NOW + timedelta(days=90)))
    assert (await linked.own(token, now=NOW + timedelta(days=90, seconds=-1))).status_code == 200
    async with linked.world.as_(linked.lead) as http:
        path = f"/v1/enrolments/{trainee}/personal-link/revocation"
        assert (await http.post(path)).json()["revoked_at"] is not None
        again = await http.post(path)
        assert (again.status_code, again.json()["version"]) == (200, 2)
    answers.append(await linked.own(token))
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["type"] for answer in answers} == {"urn:lingjun:problem:personal-link-refused"}
    told = [{**answer.json(), "instance": ""} for answer in answers]
    assert all(one == told[0] for one in told)


async def test_links_are_made_by_who_runs_the_class_and_by_the_home_department(linked: Linked):
    [trainee] = await linked.world.enrol(linked.class_id, [linked.zhejiang])
    bureau = await linked.world.organisation("bureau", "中小企业局")
    makers = {
        linked.lead: 201,
        linked.zhejiang: 201,
        bureau: 403,  # sees the trainee, and is not responsible
        linked.ningbo: 404,
        linked.rival: 404,
    }
    found = {by: (await linked.make(trainee, by)).status_code for by in makers}
    assert found == makers
    async with linked.world.as_(linked.zhejiang) as http:
        shown = (await http.get(f"/v1/enrolments/{trainee}/personal-link")).json()
    assert (shown["token"], shown["revoked_at"]) == (None, None)


async def test_a_repeated_request_does_not_show_the_token_again(linked: Linked):
    [trainee] = await linked.world.enrol(linked.class_id, [linked.zhejiang])
    path, headers = f"/v1/enrolments/{trainee}/personal-link", {"Idempotency-Key": "link-of-one"}
    async with linked.world.as_(linked.lead) as http:
        first = await http.post(path, json={}, headers=headers)
        again = await http.post(path, json={}, headers=headers)
    assert first.json()["token"]
    assert again.json() == {**first.json(), "token": None}


async def test_links_made_at_once_leave_one_in_force(linked: Linked):
    [trainee] = await linked.world.enrol(linked.class_id, [linked.zhejiang])
    made = await asyncio.gather(*(linked.make(trainee) for _ in range(10)))
    assert {answer.status_code for answer in made} == {201}
    shown = [(await linked.own(answer.json()["token"])).status_code for answer in made]
    assert Counter(shown) == {200: 1, 403: 9}
