"""Final reports and scores over HTTP, and the completion that a pack makes rest on them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from typing_extensions import override

from shared.events.policy import load_pack
from tests.support.enrollment_world import NOW, PACKS, World
from tests.support.school import School, hours

SHA = "0" * 64


class Demanding(School):
    """A cycle whose pack asks online time, a report and scores, and a class of one session."""

    @override
    async def settle(self) -> "Demanding":
        await super().settle()
        text = (PACKS / "2022-2023.yaml").read_text(encoding="utf-8")
        asked = '  min_online_minutes: 60\n  report_required: true\n  min_score: "60.00"\n'
        pack = load_pack(text.replace("  plan_required: true\n", f"  plan_required: true\n{asked}", 1))
        await self.world.cycle(pack, revision=2)
        self.centre = await self.world.organisation("talent_exchange_centre", "人才交流中心")
        return self

    async def teach(self, *trainees: str) -> None:
        session = {
            "class_id": self.class_id,
            "title": "第一讲",
            "mode": "classroom",
            "method": "lecture",
            "starts_at": "2023-03-06T01:00:00Z",
            "minutes": 60,
        }
        async with self.world.as_(self.lead) as http:
            made = await http.post("/v1/sessions", json={"items": [session]})
            path = f"/v1/sessions/{made.json()['results'][0]['value']['id']}/attendance"
            said = [{"enrolment_id": one, "minutes": 60} for one in trainees]
            assert (await http.post(path, json={"items": said})).status_code == 200

    async def propose(self) -> dict[str, Any]:
        await self.world.turn(self.class_id, status="finished")
        async with self.world.as_(self.lead) as http:
            made = await http.post("/v1/completions", json={"class_id": self.class_id})
            assert made.status_code == 201, made.text
            return (await http.get(f"/v1/completions/{made.json()['id']}")).json()

    async def hand_in(self, *trainees: str, sha256: str = SHA) -> list[dict[str, Any]]:
        items = [{"enrolment_id": one, "reference": "附件-01", "sha256": sha256} for one in trainees]
        answer = await self.post("/v1/final-reports", {"items": items})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def decide(self, report_id: str, act: str, by: str | None = None) -> httpx.Response:
        async with self.world.as_(by or self.lead) as http:
            return await http.post(f"/v1/final-reports/{report_id}/{act}", json={"reason": "请补充数据"})

    async def score(self, *said: tuple[str, str, int]) -> list[dict[str, Any]]:
        items = [{"enrolment_id": one, "course": course, "score": score} for one, course, score in said]
        answer = await self.post("/v1/course-scores", {"items": items})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]


@pytest.fixture
async def school(world: World) -> Demanding:
    return await Demanding(world).settle()


async def test_a_report_is_handed_in_returned_and_accepted(school: Demanding):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    [made] = await school.hand_in(trainee)
    assert (made["status"], made["value"]["status"]) == (201, "submitted")
    report_id = made["value"]["id"]
    returned = await school.decide(report_id, "return")
    assert (returned.json()["status"], returned.json()["return_reason"]) == ("returned", "请补充数据")
    assert (await school.decide(report_id, "acceptance")).status_code == 409
    [again] = await school.hand_in(trainee, sha256="1" * 64)
    assert (again["status"], again["value"]["id"], again["value"]["return_reason"]) == (200, report_id, None)
    accepted = await school.decide(report_id, "acceptance")
    assert (accepted.json()["status"], accepted.json()["version"]) == ("accepted", 4)
    [late] = await school.hand_in(trainee)
    assert late["problem"]["type"].endswith("report-accepted")


async def test_only_who_runs_the_class_decides_on_reports(school: Demanding):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    [made] = await school.hand_in(trainee)
    report_id = made["value"]["id"]
    assert (await school.decide(report_id, "acceptance", school.zhejiang)).status_code == 403
    assert (await school.decide(report_id, "acceptance", school.ningbo)).status_code == 404
    assert (await school.decide("nothing", "acceptance")).status_code == 404
    answer = await school.post("/v1/final-reports", {"items": [{"enrolment_id": trainee}]}, school.rival)
    assert answer.status_code == 422
    seen = {}
    for by in (school.lead, school.zhejiang, school.ningbo):
        async with school.world.as_(by) as http:
            page = await http.get("/v1/final-reports", params={"class_id": school.class_id})
        seen[by] = len(page.json()["items"])
    assert seen == {school.lead: 1, school.zhejiang: 1, school.ningbo: 0}


async def test_each_wrong_report_is_refused_by_itself(school: Demanding):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    results = await school.hand_in(trainee, trainee, school.class_id)
    assert [one["status"] for one in results] == [201, 409, 422]


async def test_the_last_score_stands_and_is_kept_in_hundredths(school: Demanding):
    one, other = await school.world.enrol(school.class_id, [school.zhejiang, school.ningbo])
    results = await school.score((one, "战略", 8550), (one, "战略", 1), (other, "战略", 6000))
    assert [result["status"] for result in results] == [200, 409, 200]
    await school.score((one, "战略", 9005))
    async with school.world.as_(school.zhejiang) as http:
        page = await http.get("/v1/course-scores", params={"class_id": school.class_id})
    assert [(row["enrolment_id"], row["score"]) for row in page.json()["items"]] == [(one, 9005)]
    wrong = {"items": [{"enrolment_id": one, "course": "战略", "score": 10_001}]}
    assert (await school.post("/v1/course-scores", wrong)).status_code == 422


@pytest.mark.clause("C40", "Q10")
async def test_a_pack_that_asks_more_makes_the_completion_rest_on_it_with_reasons(school: Demanding):
    whole, idle = await school.world.enrol(school.class_id, [school.zhejiang] * 2)
    await school.teach(whole, idle)
    await school.report(hours(whole, minutes=60), hours(idle, "2", minutes=59))
    first, second = await school.hand_in(whole, idle)
    await school.decide(first["value"]["id"], "acceptance")
    await school.score((whole, "战略", 6000), (whole, "财务", 9000), (idle, "战略", 5999))
    proposal = await school.propose()
    assert proposal["criteria"] == {
        "min_attendance_percent": 80,
        "min_minutes": 0,
        "min_online_minutes": 60,
        "report_required": True,
        "min_score": 6000,
    }
    reasons = {
        row["enrolment_id"]: [(one["code"], one["measured"], one["required"]) for one in row["reasons"]]
        for row in proposal["rows"]
    }
    assert reasons[whole] == [
        ("attendance_met", 100, 80),
        ("online_met", 60, 60),
        ("report_accepted", 1, 1),
        ("scores_met", 2, 2),
    ]
    assert reasons[idle] == [
        ("attendance_met", 100, 80),
        ("online_short", 59, 60),
        ("report_missing", 0, 1),
        ("scores_short", 0, 2),
    ]
    assert [row["met"] for row in proposal["rows"]] == [True, False]
    # What changes afterwards makes the proposal outdated, and a confirmation closes the record.
    await school.decide(second["value"]["id"], "acceptance")
    await school.report(hours(idle, "3", minutes=1))
    await school.score((idle, "战略", 6000), (idle, "财务", 6000))
    path = f"/v1/completions/{proposal['id']}/confirmation"
    async with school.world.as_(school.centre, now=NOW + timedelta(hours=1)) as http:
        outdated = await http.post(path)
        assert outdated.json()["type"].endswith("proposal-outdated")
        again = await school.propose()
        assert [row["met"] for row in again["rows"]] == [True, True]
        assert (await http.post(path)).status_code == 200
    assert (await school.score((idle, "战略", 1)))[0]["problem"]["type"].endswith("enrolment-closed")
    assert (await school.report(hours(idle, "4")))[0]["status"] == 409
