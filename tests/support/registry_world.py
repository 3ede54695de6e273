"""The registry as its tests speak to it: as which organisation, at what time, with which bodies."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from shared.database import Database
from shared.events.policy import load_pack
from shared.outbox import outbox
from tests.support.client import caller_headers

PACKS = Path(__file__).parents[2] / "services" / "registry" / "packs"
CYCLE = "miit-sme-leaders.2022-2023"
EARLIER = "miit-sme-leaders.2019-2020"
NOW = datetime(2022, 11, 1, 2, 0, tzinfo=UTC)


@cache
def document_of(cycle: str) -> dict[str, Any]:
    """Read a pack that ships with the platform, once: YAML is slow to read."""
    text = (PACKS / f"{cycle.partition('.')[2]}.yaml").read_text(encoding="utf-8")
    return load_pack(text).document()


ORGANISATIONS = (
    ("bureau", "部中小企业局", None),
    ("talent_exchange_centre", "人才交流中心", None),
    ("promotion_centre", "发展促进中心", None),
    ("department", "浙江省主管部门", "330000"),
    ("department", "宁波市主管部门", "330200"),
    ("institution", "甲大学", None),
    ("institution", "乙大学", None),
    ("training_body", "丙培训机构", None),
    ("service_body", "丁服务机构", None),
)


@dataclass
class World:
    """The application under test; `act` speaks to it as one of the organisations, by name."""

    app: FastAPI
    database: Database
    kinds: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    offices: dict[str, frozenset[str]] = field(default_factory=dict)

    async def act(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str = "部中小企业局",
        now: datetime = NOW,
        principal: str | None = None,
        **headers: Any,
    ) -> httpx.Response:
        stamped = caller_headers(
            self.kinds.get(by, by),
            organisation_id=self.ids.get(by),
            offices=self.offices.get(by, ()),
            principal=principal or f"client of {by}",
            now=now,
        )
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://registry.test"
        ) as client:
            return await client.request(method, path, json=body, headers=stamped | given)

    async def bulk(self, path: str, *items: Any, by: str, now: datetime = NOW) -> list[dict[str, Any]]:
        answer = await self.act("POST", path, {"items": items}, by=by, now=now)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]

    async def form(self, form: dict[str, str] | bytes, *, authorization: str | None = None) -> httpx.Response:
        """Post a form to the token endpoint, as the gateway passes it on."""
        headers = {
            **caller_headers("anonymous", principal="anonymous"),
            "content-type": "application/x-www-form-urlencoded",
            **({"authorization": authorization} if authorization else {}),
        }
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app), base_url="http://registry.test"
        ) as client:
            return await client.post("/oauth/token", content=body, headers=headers)

    async def stated(self, resource: str) -> list[dict[str, Any]]:
        """List the states of a resource in the outbox, in the order of their recording."""
        return await self.told(f"{resource}.state.v1")

    async def told(self, event_type: str) -> list[dict[str, Any]]:
        """List the events of a type in the outbox, in the order of their recording."""
        states = select(outbox.c.body).where(outbox.c.type == event_type)
        async with self.database.read() as session:
            bodies = await session.scalars(states.order_by(outbox.c.position))
            return [json.loads(body) for body in bodies]


def designation(world: World, name: str, **changes: Any) -> dict[str, Any]:
    return {
        "cycle_id": CYCLE,
        "institution_id": world.ids[name],
        "class_kinds": ["regional_development", "theme"],
        "assessment_reference": "评估-01",
        "selection_reference": "遴选-01",
        **changes,
    }


def draft(world: World, name: str = "甲大学", **changes: Any) -> dict[str, Any]:
    """Write the draft of a class of an institution's own arrangement."""
    return {
        "cycle_id": CYCLE,
        "kind": "theme",
        "arrangement": "own",
        "title_zh": "主题班",
        "institution_ids": [world.ids[name]],
        "place_department_id": world.ids["浙江省主管部门"],
        "starts_on": "2023-01-10",
        "ends_on": "2023-06-30",
        "capacity": 60,
        **changes,
    }


def plan(**changes: Any) -> dict[str, Any]:
    course = {
        "title": "战略",
        "minutes": 600,
        "method": "lecture",
        "mode": "classroom",
        "directions": ["manufacturing_power"],
    }
    return {
        "courses": [course, {**course, "title": "实训", "mode": "practice"}],
        "completion": {"min_attendance_percent": 80, "min_minutes": 900},
        **changes,
    }


async def drafted(world: World, by: str = "甲大学", **changes: Any) -> str:
    """Draft a class and put its plan; answer its id."""
    result = (await world.bulk("/v1/classes", draft(world, **changes), by=by))[0]
    assert result["status"] == 201, result
    class_id = result["value"]["id"]
    put = await world.act("PUT", f"/v1/classes/{class_id}/training-plan", plan(), by=by)
    assert put.status_code == 200, put.text
    return class_id


async def step(
    world: World, class_id: str, name: str, by: str, body: Any = None, **given: Any
) -> httpx.Response:
    return await world.act("POST", f"/v1/classes/{class_id}/{name}", body or {}, by=by, **given)


async def cancel(world: World, class_id: str, by: str) -> httpx.Response:
    """Cancel a class as it was shown to be; who may not see what goes with it rests on any version."""
    shown = await world.act("GET", f"/v1/classes/{class_id}/cancellation", by=by)
    said = {"cause": "too_few_trainees", "reason": "报名不足"}
    return await step(world, class_id, "cancellation", by, said, If_Match=shown.headers.get("etag", '"1"'))


async def approved(world: World, by: str = "甲大学", **changes: Any) -> str:
    """Bring a class of own arrangement to its approval; answer its id."""
    class_id = await drafted(world, by, **changes)
    for name, actor in (("filing", by), ("agreement", "人才交流中心"), ("approval", "人才交流中心")):
        answer = await step(world, class_id, name, actor)
        assert answer.status_code == 200, answer.text
    return class_id


def problem(answer: httpx.Response, status: int) -> str:
    """Name the problem of a refusal."""
    assert answer.status_code == status, answer.text
    return answer.json()["type"].rpartition(":")[2]


def refusal(result: dict[str, Any]) -> str:
    """Name the problem of a refused item."""
    assert result["problem"] is not None, result
    return result["problem"]["type"].rpartition(":")[2]
