"""What a test of certification stands on: the service, the copies it has heard, and its callers."""

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import delete, select, update

from services.certification.app import build
from services.certification.handlers import LISTENER
from services.certification.holders import HolderName, get_sealers, seal_name
from services.certification.models import Certificate, Entitlement
from services.certification.settings import Settings
from shared.copies import copies
from shared.database import Database
from shared.events.enrollment import CompletedRow, CompletionConfirmed, SealedName, name_purpose
from shared.events.envelope import Event, aggregate, fact, state
from shared.events.policy import PolicyPack, load_pack
from shared.events.registry import (
    ClassState,
    CycleState,
    OrganisationState,
    PackRevisionState,
    revision_id,
)
from shared.ids import new_id
from shared.inbox import store
from shared.keys import KeyRing
from shared.outbox import encode, outbox
from shared.runner import run_due
from shared.sealed import seal_to
from tests.support.client import STAMPS, client

PACKS = Path(__file__).parents[2] / "services" / "registry" / "packs"
NOW = datetime(2023, 7, 10, 9, tzinfo=UTC)


@lru_cache
def shipped_pack(cycle: str) -> PolicyPack:
    return load_pack((PACKS / f"{cycle}.yaml").read_text("utf-8"))


def names(count: int) -> list[str]:
    return [f"测试{index:04}" for index in range(1, count + 1)]


@dataclass
class Stage:
    database: Database
    app: FastAPI
    ring: KeyRing
    pack: PolicyPack
    centre: str = field(default_factory=new_id)
    institution: str = field(default_factory=new_id)
    department: str = field(default_factory=new_id)

    @classmethod
    async def opened(
        cls, database: Database, home: Path, cycle: str = "2022-2023", *, copy_wait: float = 0.0
    ) -> "Stage":
        settings = Settings.model_validate(
            {"database_url": database.url, "mode": "rehearsal", "home": home, "copy_wait": copy_wait}
        )
        pack = shipped_pack(cycle)
        stage = cls(
            database=database,
            app=build(settings, database, stamps=STAMPS),
            ring=KeyRing(settings.keys_directory, create=True),
            pack=pack,
        )
        await stage.hear(
            stage.cycle(pack),
            stage.revision(pack),
            stage.organisation(stage.centre, "talent_exchange_centre", "人才交流中心", "Exchange Centre"),
            stage.organisation(stage.institution, "institution", "测试大学", "Test University"),
            stage.organisation(stage.department, "department", "测试省主管部门", "Test Department"),
        )
        return stage

    async def hear(self, *events: Event) -> None:
        """Receive events as the broker brings them, and handle what is due."""
        await store(self.database, [encode(event) for event in events], NOW)
        await self.handle()

    async def handle(self) -> None:
        while await run_due(self.database, LISTENER, datetime.now(UTC)):
            pass

    def cycle(self, pack: PolicyPack, version: int = 1) -> Event:
        body = CycleState(
            id=pack.cycle_id,
            label=pack.label,
            revision=version,
            status="active",
            sha256=pack.sha256,
            pack=pack.document(),
        )
        return state(body, version=version, at=NOW)

    def revision(self, pack: PolicyPack, number: int = 1) -> Event:
        """Make the state of a revision, which the registry states beside that of its cycle."""
        body = PackRevisionState(
            id=revision_id(pack.cycle_id, number),
            cycle_id=pack.cycle_id,
            revision=number,
            sha256=pack.sha256,
            pack=pack.document(),
            loaded_at=NOW,
        )
        return state(body, version=1, at=NOW)

    async def forget_revision(self, pack: PolicyPack, number: int = 1) -> None:
        """Lose the copy of a revision of a pack."""
        name = aggregate(PackRevisionState.RESOURCE, revision_id(pack.cycle_id, number))
        async with self.database.write() as session:
            await session.execute(delete(copies).where(copies.c.aggregate == name))

    def organisation(self, identifier: str, kind: str, name_zh: str, name_en: str) -> Event:
        body = OrganisationState(id=identifier, kind=kind, name_zh=name_zh, name_en=name_en)
        return state(body, version=1, at=NOW)

    def class_state(self, class_id: str, *, version: int = 1, **changes: Any) -> Event:
        facts: dict[str, Any] = {
            "id": class_id,
            "cycle_id": self.pack.cycle_id,
            "kind": "theme",
            "arrangement": "own",
            "title_zh": "数字化转型主题班",
            "title_en": "Digital Transformation",
            "status": "finished",
            "lead_id": self.institution,
            "institution_ids": [self.institution],
            "place_department_id": self.department,
            "starts_on": date(2022, 12, 1),
            "ends_on": date(2023, 6, 30),
            "capacity": 60,
        }
        return state(ClassState.model_validate(facts | changes), version=version, at=NOW)

    async def finished_class(self, **changes: Any) -> str:
        class_id = new_id()
        await self.hear(self.class_state(class_id, **changes))
        return class_id

    def completion(
        self,
        class_id: str,
        people: list[str],
        *,
        parts: int = 1,
        person_ids: list[str] | None = None,
        class_version: int = 1,
        department_id: str | None = None,
    ) -> list[Event]:
        """Make the fact that these people completed the class, in so many parts."""
        persons = person_ids or [new_id() for _ in people]
        rows = [
            self._row(name, person, position, department_id)
            for position, (name, person) in enumerate(zip(people, persons, strict=True), 1)
        ]
        completion_id, size = new_id(), -(-len(rows) // parts)
        return [
            fact(
                CompletionConfirmed(
                    completion_id=completion_id,
                    class_id=class_id,
                    rows=rows[part * size : (part + 1) * size],
                ),
                subject=aggregate("enrollment.completion", completion_id),
                at=NOW,
                cycle=self.pack.cycle_id,
                revision=1,
                needs=[(aggregate(ClassState.RESOURCE, class_id), class_version)],
                part=part + 1,
                parts=parts,
            )
            for part in range(parts)
        ]

    def empty_completion(self, class_id: str) -> list[Event]:
        (event,) = self.completion(class_id, ["无人"])
        return [replace(event, data={**event.data, "rows": []})]

    @staticmethod
    def again(event: Event) -> Event:
        """Tell the same under another id, as a careless sender would."""
        return replace(event, id=new_id())

    def _row(self, name: str, person_id: str, position: int, department_id: str | None) -> CompletedRow:
        enrolment_id = new_id()
        sealed = seal_to(self.ring.public("name-seal"), name, name_purpose(enrolment_id))
        return CompletedRow(
            enrolment_id=enrolment_id,
            person_id=person_id,
            position=position,
            minutes=2400,
            attendance_percent=100,
            name=SealedName(**asdict(sealed)),
            department_id=department_id or self.department,
        )

    async def graduated_class(self, people: list[str]) -> str:
        class_id = await self.finished_class()
        await self.hear(*self.completion(class_id, people))
        return class_id

    def issuer(self, **caller: Any) -> httpx.AsyncClient:
        return client(
            self.app, "talent_exchange_centre", organisation_id=self.centre, **{"now": NOW} | caller
        )

    def asks(self, kind: str, organisation_id: str | None = None) -> httpx.AsyncClient:
        return client(self.app, kind, organisation_id=organisation_id, now=NOW)

    async def issue(self, class_id: str) -> httpx.Response:
        async with self.issuer() as issuer:
            return await issuer.post("/v1/certificate-batches", json={"class_id": class_id})

    async def issue_while(self, class_id: str, meanwhile: Coroutine[Any, Any, None]) -> httpx.Response:
        """Ask for certificates first, and let something happen while the request waits."""
        asked = asyncio.create_task(self.issue(class_id))
        await self.app.state.copy_watch._woken.wait()
        await meanwhile
        return await asked

    async def certificates(self, **narrow: str) -> list[dict[str, Any]]:
        async with self.issuer() as issuer:
            answer = await issuer.get("/v1/certificates", params={"limit": 1000, **narrow})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def one_certificate(self, name: str = "王小明") -> dict[str, Any]:
        class_id = await self.graduated_class([name])
        assert (await self.issue(class_id)).status_code == 201
        return (await self.certificates(class_id=class_id))[0]

    async def check(self, certificate: dict[str, Any]) -> dict[str, Any]:
        code = certificate["verification_url"].removeprefix("/verify/")
        async with self.asks("anonymous") as public:
            answer = await public.get(f"/v1/verifications/{code}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def row(self, certificate: dict[str, Any]) -> Certificate:
        async with self.database.read() as session:
            return await session.get_one(Certificate, certificate["id"])

    async def credential(self, certificate: dict[str, Any]) -> str:
        return (await self.row(certificate)).credential

    async def proof(self, certificate: dict[str, Any]) -> dict[str, Any]:
        row = await self.row(certificate)
        return {"credential": row.credential, "signature": row.signature, "signature_key": row.signature_key}

    async def rename(self, certificate: dict[str, Any], name: str) -> None:
        """Seal another name for the holder, as someone with all keys of the database could."""
        keys = self.app.state.keys
        row = await self.row(certificate)
        async with self.database.write() as session:
            sealers = await get_sealers(session, keys.holders, [row.person_id])
            sealed = seal_name(sealers[row.person_id], row.enrolment_id, HolderName.salted(name))
            entitlement = update(Entitlement).where(Entitlement.enrolment_id == row.enrolment_id)
            await session.execute(entitlement.values(name=sealed))

    async def tamper(self, certificate: dict[str, Any], **values: Any) -> None:
        async with self.database.write() as session:
            await session.execute(
                update(Certificate).where(Certificate.id == certificate["id"]).values(**values)
            )

    async def said(self, event_type: str) -> list[dict[str, Any]]:
        """Read the events of a type that the service has recorded, in order."""
        async with self.database.read() as session:
            bodies = await session.scalars(
                select(outbox.c.body).where(outbox.c.type == event_type).order_by(outbox.c.position)
            )
            return [json.loads(body) for body in bodies]
