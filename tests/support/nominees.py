"""Synthetic enterprises and people for nominations, and the road from nobody to an approved roster.

Numbers pass their checks and belong to nobody: birth years of the 1880s, credit codes with body `DEM`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx

from deploy.demo.synthetic import card_number, credit_code
from tests.support.enrollment_world import World, load

IN_TIME = datetime(2022, 12, 1, 2, tzinfo=UTC)
EVIDENCE = {
    "growth": "三年翻番",
    "innovation": "专利",
    "leading_position": "区域第一",
    "manager_post": "任命书",
}


def card(number: int) -> str:
    return card_number("330102", date(1885, 3, 4), number)


def uscc(number: int) -> str:
    return credit_code("330102", number)


def nominee(class_id: str, number: int, *, enterprise: int = 1, **differs: Any) -> dict[str, Any]:
    """Make item `number`; the same number is the same person."""
    plain: dict[str, Any] = {
        "class_id": class_id,
        "enterprise_uscc": uscc(enterprise),
        "person": {
            "name": "演练甲",
            "document": {"kind": "resident_card", "number": card(number)},
            "phone": "13900000000",
            "post": "总经理",
        },
        "target_group": "leading_sme",
        "evidence": EVIDENCE,
    }
    return {**plain, **differs}


def kind_of(answer: httpx.Response) -> str:
    """Name the refusal of an answer."""
    return str(answer.json()["type"]).rpartition(":")[2]


@dataclass
class Plan:
    """A cycle with two departments, two institutions, the reviewer, and one class of the first."""

    world: World
    cycle_id: str
    bureau: str
    centre: str
    zhejiang: str
    ningbo: str
    institution: str
    rival: str
    class_id: str

    async def another_class(self, **differs: Any) -> str:
        """Bring a class that the rival institution leads."""
        return await self.world.course(
            self.cycle_id, differs.pop("lead_id", self.rival), self.ningbo, **differs
        )

    def client(self, organisation_id: str, principal: str | None = None) -> httpx.AsyncClient:
        return self.world.as_(organisation_id, principal, now=IN_TIME)

    async def post(
        self, organisation_id: str, path: str, body: Any = None, principal: str | None = None
    ) -> httpx.Response:
        async with self.client(organisation_id, principal) as http:
            return await http.post(path, json=body)

    async def get(self, organisation_id: str, path: str, **query: str) -> httpx.Response:
        async with self.client(organisation_id) as http:
            return await http.get(path, params=query)

    async def nominate(self, organisation_id: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.post(organisation_id, "/v1/nominations", {"items": list(items)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def draft(self, class_id: str, lead: str | None = None) -> dict[str, Any]:
        answer = await self.post(lead or self.institution, "/v1/rosters", {"class_id": class_id})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def submitted(self, class_id: str, lead: str | None = None) -> str:
        """Draft and submit what is nominated; tell the roster's id."""
        roster = await self.draft(class_id, lead)
        answer = await self.post(lead or self.institution, f"/v1/rosters/{roster['id']}/submission")
        assert answer.status_code == 200, answer.text
        return str(roster["id"])

    async def decide(self, roster_id: str, decisions: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
        items = [
            {
                "position": position,
                "decision": decision,
                "reason": None if decision == "approve" else "不符合条件",
            }
            for position, decision in decisions
        ]
        answer = await self.post(self.centre, f"/v1/rosters/{roster_id}/decisions", {"items": items})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def reviewed(self, class_id: str, numbers: Sequence[int], lead: str | None = None) -> str:
        """Nominate, submit and approve every row; the roster then waits for its approval."""
        await self.nominate(lead or self.institution, *(nominee(class_id, number) for number in numbers))
        roster_id = await self.submitted(class_id, lead)
        await self.decide(roster_id, [(position, "approve") for position in range(1, len(numbers) + 1)])
        return roster_id

    async def approve(
        self, roster_id: str, principal: str | None = None, now: datetime = IN_TIME
    ) -> httpx.Response:
        async with self.world.as_(self.centre, principal, now) as http:
            return await http.post(f"/v1/rosters/{roster_id}/approval")

    async def trainees(self, class_id: str, numbers: Sequence[int], lead: str | None = None) -> list[str]:
        """Enrol these people in a class; tell their enrolments in the same order."""
        answer = await self.approve(await self.reviewed(class_id, numbers, lead))
        assert answer.status_code == 200, answer.text
        listed = await self.enrolments(class_id)
        return [str(one["id"]) for one in listed if one["roster_id"] == answer.json()["id"]]

    async def enrolments(self, class_id: str) -> list[dict[str, Any]]:
        answer = await self.get(self.bureau, "/v1/enrolments", class_id=class_id, limit="1000")
        return answer.json()["items"]

    async def withdraw(self, enrolment_id: str, by: str | None = None) -> httpx.Response:
        path = f"/v1/enrolments/{enrolment_id}/withdrawal"
        return await self.post(by or self.institution, path, {"reason": "调离原单位"})

    async def replace(
        self, class_id: str, marks: Sequence[tuple[str, str]], lead: str | None = None, **also: Any
    ) -> httpx.Response:
        """Draft a roster in which nominations take the places of trainees."""
        replacements = [{"nomination_id": one, "enrolment_id": other} for one, other in marks]
        body = {"class_id": class_id, "replacements": replacements, **also}
        return await self.post(lead or self.institution, "/v1/rosters", body)

    async def hand_in(self, roster_id: str, decisions: Sequence[str], lead: str | None = None) -> None:
        """Submit a draft and decide its rows, in their order."""
        answer = await self.post(lead or self.institution, f"/v1/rosters/{roster_id}/submission")
        assert answer.status_code == 200, answer.text
        await self.decide(roster_id, enumerate(decisions, 1))


async def plan_in(world: World, pack: str = "2022-2023") -> Plan:
    """Bring a cycle and its people into the world, with one enterprise in each department."""
    cycle_id = await world.cycle(load(pack))
    bureau = await world.organisation("bureau", "中小企业局")
    centre = await world.organisation("talent_exchange_centre", "人才交流中心")
    zhejiang = await world.organisation("department", "浙江", "330000")
    ningbo = await world.organisation("department", "宁波", "330200")
    institution = await world.organisation("institution", "演练大学")
    rival = await world.organisation("institution", "对照大学")
    class_id = await world.course(cycle_id, institution, zhejiang)
    plan = Plan(world, cycle_id, bureau, centre, zhejiang, ningbo, institution, rival, class_id)
    for number, department in enumerate((zhejiang, ningbo), 1):
        stated = {
            "uscc": uscc(number),
            "name": f"演练企业{number}",
            "department_id": department,
            "industry_code": "3824",
            "employees": 200,
            "revenue_wan": "3000",
        }
        answer = await plan.post(department, "/v1/enterprises", {"items": [stated]})
        assert answer.json()["results"][0]["status"] == 201, answer.text
    return plan
