"""What a test of evaluation stands on: the service, the copies it has heard, its callers, a round."""

import asyncio
import json
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from services.evaluation.app import build
from services.evaluation.handlers import LISTENER
from services.evaluation.settings import Settings
from shared.database import Database
from shared.events.envelope import Event, state
from shared.events.policy import PolicyPack, load_pack, parse_pack
from shared.events.registry import (
    ClassState,
    CycleState,
    DesignationState,
    OrganisationState,
    PackRevisionState,
    revision_id,
)
from shared.ids import new_id
from shared.inbox import store
from shared.outbox import encode, outbox
from shared.runner import run_due
from tests.support.client import STAMPS, client

PACKS = Path(__file__).parents[2] / "services" / "registry" / "packs"
NOW = datetime(2023, 6, 15, 2, tzinfo=UTC)
PATH = "/v1/evaluation-rounds"
ASSIGNMENT = {"starts_on": "2023-06-01", "ends_on": "2023-06-30"}


@lru_cache
def shipped_pack(cycle: str) -> PolicyPack:
    return load_pack((PACKS / f"{cycle}.yaml").read_text("utf-8"))


def bottom(
    n: int, *, ties: str = "decide", unscored: str = "block", few: int | None = None
) -> dict[str, Any]:
    """Write a rule of suspension of the n lowest, as a pack does."""
    cited = {"source": "N0000 一", "clause": ["C39"]}
    return {
        "rules": [{"rule": "bottom_n", "n": n, **cited}],
        "ties": {"treatment": ties, "decision": ["Q3"]},
        "unscored": {"treatment": unscored, "decision": ["Q4"]},
        **({"few": {"fewer_than": few, "treatment": "decide", "decision": ["Q3"]}} if few else {}),
        **cited,
    }


@dataclass
class Stage:
    """Four institutions are designated, one of them a federation by its two members; a class runs."""

    database: Database
    app: FastAPI
    pack: PolicyPack
    pack_version: int = 1
    centre: str = field(default_factory=new_id)
    promotion: str = field(default_factory=new_id)
    department: str = field(default_factory=new_id)
    evaluator: str = field(default_factory=new_id)
    other_evaluator: str = field(default_factory=new_id)
    institutions: list[str] = field(default_factory=lambda: [new_id() for _ in range(3)])
    federation: str = field(default_factory=new_id)
    members: list[str] = field(default_factory=lambda: [new_id() for _ in range(2)])
    class_id: str = field(default_factory=new_id)

    @property
    def evaluated(self) -> list[str]:
        return sorted([*self.institutions, self.federation])

    @classmethod
    async def opened(
        cls, database: Database, home: Path, cycle: str = "2022-2023", *, copy_wait: float = 0.0
    ) -> "Stage":
        settings = Settings.model_validate(
            {"database_url": database.url, "mode": "rehearsal", "home": home, "copy_wait": copy_wait}
        )
        stage = cls(database, build(settings, database, stamps=STAMPS), shipped_pack(cycle))
        await stage.hear(
            stage.cycle(),
            stage.revision(),
            stage.organisation(stage.centre, "talent_exchange_centre"),
            stage.organisation(stage.promotion, "promotion_centre"),
            stage.organisation(stage.department, "department"),
            stage.organisation(stage.evaluator, "evaluator"),
            stage.organisation(stage.other_evaluator, "evaluator"),
            stage.organisation(stage.federation, "institution"),
            *(stage.organisation(one, "institution") for one in stage.institutions),
            *(stage.organisation(one, "institution", parent_id=stage.federation) for one in stage.members),
            *(stage.designation(one) for one in (*stage.institutions, *stage.members)),
            stage.class_state(),
        )
        return stage

    async def hear(self, *events: Event) -> None:
        """Receive events as the broker brings them, and handle what is due."""
        await store(self.database, [encode(event) for event in events], NOW)
        while await run_due(self.database, LISTENER, datetime.now(UTC)):
            pass

    def cycle(self, status: str = "active") -> Event:
        body = CycleState.model_validate(
            {
                "id": self.pack.cycle_id,
                "label": self.pack.label,
                "revision": self.pack_version,
                "status": status,
                "sha256": self.pack.sha256,
                "pack": self.pack.document(),
            }
        )
        return state(body, version=self.pack_version, at=NOW)

    def revision(self) -> Event:
        """Make the state of the newest revision, which the registry states beside that of the cycle."""
        body = PackRevisionState(
            id=revision_id(self.pack.cycle_id, self.pack_version),
            cycle_id=self.pack.cycle_id,
            revision=self.pack_version,
            sha256=self.pack.sha256,
            pack=self.pack.document(),
            loaded_at=NOW,
        )
        return state(body, version=1, at=NOW)

    async def revise(self, *, status: str = "active", **changes: Any) -> None:
        """Hear of a revision of the pack; a change to None takes the part away."""
        document = {**self.pack.document(), **changes}
        self.pack = parse_pack({name: value for name, value in document.items() if value is not None})
        self.pack_version += 1
        await self.hear(self.cycle(status), self.revision())

    async def give(self, act: str, kind: str) -> None:
        """Hear that the pack gives an act to organisations of another kind."""
        duties = [one for one in self.pack.document()["responsibilities"] if one["act"] != act]
        held = {"act": act, "holders": [{"kind": kind}], "decision": ["Q17"]}
        await self.revise(responsibilities=[*duties, held])

    def organisation(self, identifier: str, kind: str, parent_id: str | None = None) -> Event:
        body = OrganisationState(id=identifier, kind=kind, name_zh=kind, name_en=kind, parent_id=parent_id)
        return state(body, version=1, at=NOW)

    def designation(self, institution_id: str, cycle_id: str | None = None, **changes: Any) -> Event:
        facts = {
            "id": new_id(),
            "cycle_id": cycle_id or self.pack.cycle_id,
            "institution_id": institution_id,
            "class_kinds": ["theme"],
            "status": "designated",
        }
        body = DesignationState.model_validate(facts | changes)
        return state(body, version=1, at=NOW)

    def class_state(self, **changes: Any) -> Event:
        facts: dict[str, Any] = {
            "id": self.class_id,
            "cycle_id": self.pack.cycle_id,
            "kind": "theme",
            "arrangement": "own",
            "title_zh": "数字化转型主题班",
            "status": "running",
            "lead_id": self.institutions[0],
            "institution_ids": [self.institutions[0]],
            "place_department_id": self.department,
            "starts_on": date(2023, 1, 10),
            "ends_on": date(2023, 6, 30),
            "capacity": 60,
        }
        body = ClassState.model_validate(facts | changes)
        return state(body, version=2 if "status" in changes else 1, at=NOW)

    def asks(
        self, kind: str = "bureau", organisation_id: str | None = None, **caller: Any
    ) -> httpx.AsyncClient:
        settings = {"organisation_id": organisation_id or new_id(), "now": NOW, **caller}
        return client(self.app, kind, **settings)

    async def post(
        self, path: str, body: Any = None, *, by: str = "bureau", of: str | None = None, **caller: Any
    ) -> httpx.Response:
        headers = caller.pop("headers", {})
        async with self.asks(by, of, **caller) as asking:
            return await asking.post(f"{PATH}{path}", json={} if body is None else body, headers=headers)

    async def get(
        self, path: str = "", *, by: str = "bureau", of: str | None = None, **query: Any
    ) -> httpx.Response:
        async with self.asks(by, of) as asking:
            return await asking.get(f"{PATH}{path}", params=query)

    async def open(self) -> dict[str, Any]:
        answer = await self.post("", {"cycle_id": self.pack.cycle_id})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def meanwhile(self, asking: Coroutine[Any, Any, httpx.Response], *events: Event) -> httpx.Response:
        """Ask first, and hear events while the request waits for copies."""
        asked = asyncio.create_task(asking)
        await self.app.state.copy_watch._woken.wait()
        await self.hear(*events)
        return await asked

    async def assign(self, round_id: str, **changes: Any) -> httpx.Response:
        body: dict[str, Any] = {"evaluator_id": self.evaluator, **ASSIGNMENT, "interests": [], **changes}
        return await self.post(f"/{round_id}/assignments", body)

    async def assigned_round(self) -> dict[str, Any]:
        opened = await self.open()
        assert (await self.assign(opened["id"])).status_code == 201
        return opened

    async def score(
        self, opened: Mapping[str, Any], sheets: Sequence[dict[str, Any]], **caller: Any
    ) -> httpx.Response:
        asking = {"by": "evaluator", "of": self.evaluator, **caller}
        return await self.post(f"/{opened['id']}/scores", {"items": list(sheets)}, **asking)

    async def scored_round(self, *scores: str) -> dict[str, Any]:
        """Open a round in which the institutions, in order of their ids, got these scores throughout."""
        opened = await self.assigned_round()
        sheets = [sheet(opened, one, score) for one, score in zip(self.evaluated, scores, strict=False)]
        answer = await self.score(opened, sheets)
        assert [one["status"] for one in answer.json()["results"]] == [201] * len(scores), answer.text
        return opened

    async def closed_round(self, *scores: str) -> dict[str, Any]:
        opened = await self.scored_round(*scores)
        return await self.step(opened, "closing")

    async def published_round(self, *scores: str) -> dict[str, Any]:
        return await self.step(await self.closed_round(*scores), "publication")

    async def step(self, told: Mapping[str, Any], step: str, body: Any = None) -> dict[str, Any]:
        answer = await self.post(f"/{told['id']}/{step}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def results(self, told: Mapping[str, Any], **asking: Any) -> dict[str, dict[str, Any]]:
        answer = await self.get(f"/{told['id']}/results", **asking)
        assert answer.status_code == 200, answer.text
        return {one["institution_id"]: one for one in answer.json()["items"]}

    async def said(self, event_type: str) -> list[dict[str, Any]]:
        """Read the events of a type that the service has recorded, in order."""
        async with self.database.read() as session:
            bodies = await session.scalars(
                select(outbox.c.body).where(outbox.c.type == event_type).order_by(outbox.c.position)
            )
            return [json.loads(body) for body in bodies]


def sheet(told: Mapping[str, Any], institution_id: str, score: str, **others: str) -> dict[str, Any]:
    """Fill a sheet with one score throughout, but for the indicators named."""
    return {
        "institution_id": institution_id,
        "scores": [
            {"indicator": one["code"], "score": others.get(one["code"], score), "evidence": "现场记录01"}
            for one in told["indicators"]
        ],
    }


def problem(answer: httpx.Response) -> str:
    """Name the refusal of an answer, or of the first item that a bulk answer refuses."""
    body = answer.json()
    if "results" in body:
        body = next(one["problem"] for one in body["results"] if one["problem"])
    return str(body["type"]).rpartition(":")[2]
