"""The feed as its tests use it: states that arrive with an audience, and readers who keep what they hear."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from fastapi import FastAPI

from services.integration.app import build
from services.integration.feed import number_changes
from services.integration.handlers import LISTENER
from services.integration.settings import Settings
from shared.database import Database
from shared.events.envelope import Event, State, state
from shared.events.policy import PolicyPack
from shared.events.registry import CycleState, OfficeState
from shared.ids import new_id
from tests.support.client import STAMPS, client
from tests.support.events import NOW, deliver, settle

Store = dict[tuple[str, str], int]
"""What a reader keeps: the version of each resource in its sight."""


def office(code: str, identifier: str | None = None) -> OfficeState:
    return OfficeState(id=identifier or new_id(), code=code, name_zh=code, name_en=code, host_id="host")


@dataclass
class Stage:
    """The service integration, and the version of everything it was told of."""

    database: Database
    app: FastAPI
    versions: dict[str, int] = field(default_factory=dict)

    def stated(self, body: State, *audience: str) -> Event:
        """Make the next state of an aggregate."""
        self.versions[body.id] = self.versions.get(body.id, 0) + 1
        return state(body, version=self.versions[body.id], at=NOW, audience=audience)

    async def hear(self, *events: Event) -> None:
        """Let states arrive, be brought, and be numbered."""
        await self.bring(*events)
        while await number_changes(self.database):
            pass

    async def bring(self, *events: Event) -> None:
        """Let states arrive and be brought; they have no numbers yet."""
        await deliver(self.database, events)
        await settle(self.database, LISTENER)

    async def tell(self, body: State, *audience: str) -> None:
        await self.hear(self.stated(body, *audience))

    async def activate(self, pack: PolicyPack, status: Literal["draft", "active"] = "active") -> None:
        cycle = CycleState(
            id=pack.cycle_id,
            label=pack.label,
            revision=1,
            status=status,
            sha256=pack.sha256,
            pack=pack.document(),
        )
        await self.tell(cycle, "public")

    def reader(self, kind: str, organisation_id: str | None = None, **caller: Any) -> "Reader":
        who = organisation_id or f"organisation of {kind}"
        return Reader(client(self.app, kind, organisation_id=who, **caller))


@dataclass
class Reader:
    """Reads the feed page by page, and remembers each cursor with what it had kept by then."""

    http: httpx.AsyncClient
    store: Store = field(default_factory=dict)
    cursor: str | None = None
    remembered: list[tuple[str | None, Store]] = field(default_factory=lambda: [(None, Store())])
    told: list[dict[str, Any]] = field(default_factory=list)

    async def page(self, limit: int = 100) -> bool:
        """Read a page; tell whether another is there."""
        asked = {"limit": limit} | ({} if self.cursor is None else {"after": self.cursor})
        answer = await self.http.get("/v1/changes", params=asked)
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        apply(self.store, shown["items"])
        self.told += shown["items"]
        self.cursor = shown["next"]
        self.remembered.append((self.cursor, dict(self.store)))
        return bool(shown["more"])

    async def read(self, limit: int = 100) -> Store:
        """Read to the end."""
        while await self.page(limit):
            pass
        return self.store

    def again_from(self, place: int) -> "Reader":
        """Resume where this reader was after so many pages."""
        cursor, store = self.remembered[place]
        return Reader(self.http, dict(store), cursor)

    async def refused(self, cursor: str) -> tuple[int, str]:
        answer = await self.http.get("/v1/changes", params={"after": cursor})
        return answer.status_code, answer.json()["type"].rpartition(":")[2]


def apply(store: Store, items: Iterable[dict[str, Any]]) -> None:
    for item in items:
        key = item["resource"], item["id"]
        if item["change"] == "upsert":
            assert item["entered"] == (key not in store)
            store[key] = item["version"]
        else:
            assert item["data"] is None
            del store[key]


def make_stage(database: Database) -> Stage:
    settings = Settings.model_validate({"database_url": database.url, "mode": "rehearsal", "copy_wait": 0.0})
    return Stage(database, build(settings, database, stamps=STAMPS))
