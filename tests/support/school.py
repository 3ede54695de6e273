"""A class that runs, for what is recorded of learning beside its sessions."""

from typing import Any

import httpx

from tests.support.enrollment_world import World, load


class School:
    """A class that runs, with its lead and two departments."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def settle(self) -> "School":
        self.zhejiang = await self.world.organisation("department", "浙江省", "330000")
        self.ningbo = await self.world.organisation("department", "宁波市", "330200")
        self.lead = await self.world.organisation("institution", "演练大学")
        self.rival = await self.world.organisation("institution", "对照大学")
        self.cycle_id = await self.world.cycle(load("2022-2023"))
        self.class_id = await self.world.course(self.cycle_id, self.lead, self.ningbo)
        return self

    async def post(self, path: str, body: dict[str, Any], by: str | None = None) -> httpx.Response:
        async with self.world.as_(by or self.lead) as http:
            return await http.post(path, json={"class_id": self.class_id, **body})

    async def report(self, *items: dict[str, Any], source: str = "演练平台") -> list[dict[str, Any]]:
        answer = await self.post("/v1/online-hours", {"source": source, "items": list(items)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def state(self, *statements: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.post("/v1/xapi-statements", {"items": list(statements)})
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def listed(self, by: str) -> list[dict[str, Any]]:
        async with self.world.as_(by) as http:
            answer = await http.get("/v1/online-hours", params={"class_id": self.class_id})
        return answer.json()["items"]


def hours(enrolment_id: str, source_id: str = "1", **differs: Any) -> dict[str, Any]:
    plain = {"enrolment_id": enrolment_id, "source_id": source_id, "course": "数字化转型", "minutes": 90}
    return {**plain, "at": "2023-04-01T09:00:00+08:00", **differs}
