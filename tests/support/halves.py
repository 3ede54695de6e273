"""A cycle in two halves, for counting: two departments, two institutions, a class of each."""

from typing import Any

from tests.support.enrollment_world import World, load


class Cycle:
    def __init__(self, world: World) -> None:
        self.world = world

    async def settle(self, label: str, kind: str) -> "Cycle":
        self.bureau = await self.world.organisation("bureau", "中小企业局")
        self.zhejiang = await self.world.organisation("department", "浙江省", "330000")
        self.ningbo = await self.world.organisation("department", "宁波市", "330200")
        self.first = await self.world.organisation("institution", "演练大学")
        self.second = await self.world.organisation("institution", "样例学院")
        self.cycle_id = await self.world.cycle(load(label))
        self.one = await self.world.course(self.cycle_id, self.first, self.ningbo, kind=kind)
        self.two = await self.world.course(self.cycle_id, self.second, self.ningbo, kind=kind)
        return self

    async def read(self, by: str) -> dict[str, Any]:
        async with self.world.as_(by) as http:
            answer = await http.get("/v1/progress", params={"cycle_id": self.cycle_id})
        assert answer.status_code == 200, answer.text
        return answer.json()


def persons(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["name_zh"]: row["persons"] for row in rows}
