"""A ledger of activities with a class, its lead, a rival and two departments, for tests."""

from datetime import UTC, datetime
from typing import Any, Literal

import httpx
from sqlalchemy import update

from services.enrollment.enrolments.models import Enrolment
from tests.support.enrollment_world import NOW, World, load


class Ledger:
    """Who plans, registers and asks; activities take place in 宁波 unless told otherwise."""

    day_before = datetime(2023, 3, 31, 15, 59, tzinfo=UTC)

    def __init__(self, world: World) -> None:
        self.world = world

    async def settle(self) -> "Ledger":
        self.zhejiang = await self.world.organisation("department", "浙江省", "330000")
        self.ningbo = await self.world.organisation("department", "宁波市", "330200")
        self.lead = await self.world.organisation("institution", "演练大学")
        self.rival = await self.world.organisation("institution", "对照大学")
        self.bureau = await self.world.organisation("bureau", "中小企业局")
        self.cycle_id = await self.world.cycle(load("2022-2023"))
        self.class_id = await self.world.course(self.cycle_id, self.lead, self.ningbo)
        return self

    async def earlier_cycle(self, status: Literal["active", "closed"] = "active") -> str:
        return await self.world.cycle(load("2019-2020"), status=status)

    def activity(self, **differs: Any) -> dict[str, Any]:
        plain = {
            "cycle_id": self.cycle_id,
            "kind": "online",
            "title": "演练活动",
            "host": "演练企业",
            "place": "演练会议室",
            "place_department_id": self.ningbo,
            "starts_on": "2023-04-01",
            "ends_on": "2023-04-02",
            "capacity": 100,
        }
        return {**plain, **differs}

    def legacy(self) -> dict[str, Any]:
        return {
            "certificate_number": "2016-01",
            "issuer": "演练发证单位",
            "cycle": "2015-2016",
            "department_id": self.zhejiang,
        }

    async def post(self, by: str, path: str, body: Any = None, now: datetime = NOW) -> httpx.Response:
        async with self.world.as_(by, now=now) as http:
            return await http.post(path, json=body)

    async def plan(self, *items: dict[str, Any], by: str | None = None) -> list[dict[str, Any]]:
        answer = await self.post(by or self.lead, "/v1/activities", {"items": list(items)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def planned(self, holder: str | None = None, **differs: Any) -> str:
        [made] = await self.plan(self.activity(**differs), by=holder)
        return str(made["value"]["id"])

    async def opened(self, holder: str | None = None, **differs: Any) -> str:
        activity_id = await self.planned(holder, **differs)
        answer = await self.post(holder or self.lead, f"/v1/activities/{activity_id}/opening")
        assert answer.status_code == 200, answer.text
        return activity_id

    async def trainees(self, *departments: str, **recorded: Any) -> list[str]:
        return await self.world.enrol(self.class_id, departments, **recorded)

    async def graduate(self, enrolment_id: str, certificate: str | None = None) -> None:
        """Write down what a confirmed completion and a certificate leave of an enrolment."""
        kept = {"status": "completed", "certificate_number": certificate}
        async with self.world.database.write() as session:
            await session.execute(update(Enrolment).where(Enrolment.id == enrolment_id).values(kept))

    async def register(self, activity_id: str, *enrolments: str) -> list[dict[str, Any]]:
        return await self.enter(activity_id, *({"enrolment_id": one} for one in enrolments))

    async def enter(
        self, activity_id: str, *items: dict[str, Any], by: str | None = None
    ) -> list[dict[str, Any]]:
        path = f"/v1/activities/{activity_id}/participants"
        answer = await self.post(by or self.lead, path, {"items": list(items)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def leave(self, activity_id: str, participant_id: str, by: str | None = None) -> httpx.Response:
        path = f"/v1/activities/{activity_id}/participants/{participant_id}/withdrawal"
        return await self.post(by or self.lead, path)

    async def came(self, activity_id: str, *said: tuple[str, bool]) -> httpx.Response:
        items = [{"participant_id": one, "attended": attended} for one, attended in said]
        return await self.post(self.lead, f"/v1/activities/{activity_id}/attendance", {"items": items})

    async def read(self, activity_id: str) -> dict[str, Any]:
        async with self.world.as_(self.bureau) as http:
            return (await http.get(f"/v1/activities/{activity_id}")).json()

    async def participants(self, activity_id: str, by: str | None = None) -> list[dict[str, Any]]:
        async with self.world.as_(by or self.bureau) as http:
            answer = await http.get(f"/v1/activities/{activity_id}/participants", params={"limit": 1000})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def statuses(self, activity_id: str) -> list[str]:
        return [one["status"] for one in await self.participants(activity_id)]

    async def progress(self) -> dict[str, Any]:
        async with self.world.as_(self.bureau) as http:
            return (await http.get("/v1/progress", params={"cycle_id": self.cycle_id})).json()
