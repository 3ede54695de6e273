"""Who plays a class over REST, and the steps in which everything is said; the ids are noted as they come."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx

from tests.support.cast import Played, Script, Thing


@dataclass(slots=True)
class Acting:
    """Acts for everybody in one script."""

    played: Played
    script: Script
    thing: Thing = field(init=False)

    def __post_init__(self) -> None:
        self.thing = Thing(self.script, f"miit-sme-leaders.{self.script.label}")

    def on(self, year: int, month: int, day: int) -> None:
        self.played.platform.now = datetime(year, month, day, 2, tzinfo=UTC)

    async def post(self, by: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        actor, step = self.played.actors[by], f"{self.script.label} {path}"
        return await self.played.platform.post(actor, path, body or {}, step=step)

    async def one(self, by: str, path: str, item: dict[str, Any]) -> dict[str, Any]:
        """Post one item of a bulk operation; remember it, and give what became of it."""
        self.thing.bodies[path] = item
        await self.played.settle()  # an item that rests on a copy is not tried again
        answer = await self.post(by, path, {"items": [item]})
        value: dict[str, Any] | None = answer["results"][0]["value"]
        if value is None:
            raise AssertionError(answer)
        return value

    def organisation(self, name: str) -> str:
        return self.played.actors[name].organisation_id

    async def upload(self, actor: str, path: str, asked: dict[str, str], content: bytes) -> str:
        signed = {"authorization": f"Bearer {await self.played.platform._token(self.played.actors[actor])}"}
        async with httpx.AsyncClient(base_url=self.played.home.address, timeout=30.0) as http:
            answer = await http.post(path, params=asked, content=content, headers=signed)
        if answer.status_code not in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
            raise AssertionError(answer.text)
        return str(answer.json()["id"])
