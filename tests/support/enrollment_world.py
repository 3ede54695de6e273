"""The service enrollment with what it has heard of the plan, and shortcuts to trainees who are there already.

Organisations, cycles and classes come as states, the way the listener brings them; the trainees of
`enrol` are written as an approved roster leaves them, so that what follows a roster is tested alone.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import httpx
from fastapi import FastAPI
from sqlalchemy import delete, select

from services.enrollment.app import build
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.handlers import on_heard, on_states
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import NAME, NUMBER, Person
from services.enrollment.rosters.models import Roster
from services.enrollment.settings import Settings
from shared.copies import bring, copies, lock_copies, read_copies
from shared.database import Database
from shared.events.envelope import Event, State, aggregate, state
from shared.events.policy import PolicyPack, load_pack
from shared.events.registry import (
    ClassState,
    CompletionCriteria,
    CycleState,
    DeadlineState,
    OrganisationState,
    PackRevisionState,
    PutOff,
    revision_id,
)
from shared.ids import new_id
from shared.listener import Brought
from shared.outbox import outbox
from tests.support.client import STAMPS, client

PACKS = Path(__file__).parents[2] / "services" / "registry" / "packs"
FIRST_DAY, LAST_DAY = date(2023, 3, 1), date(2023, 10, 31)
NOW = datetime(2023, 11, 5, 2, tzinfo=UTC)


@cache
def load(label: str) -> PolicyPack:
    """Read a pack that ships with the platform, once: YAML is slow to read."""
    return load_pack((PACKS / f"{label}.yaml").read_text(encoding="utf-8"))


@dataclass
class World:
    """One service, what it has heard, and clients that ask it."""

    database: Database
    app: FastAPI
    versions: dict[str, int] = field(default_factory=dict)
    classes: dict[str, ClassState] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    async def hear(self, *bodies: State) -> None:
        """Bring states of the registry, each as the next version of its aggregate."""
        events = []
        for body in bodies:
            self.versions[body.id] = self.versions.get(body.id, 0) + 1
            events.append(state(body, version=self.versions[body.id], at=NOW))
        async with self.database.write() as session:
            names = [event.subject for event in events]
            await lock_copies(session, names)
            await on_heard(session, events)
            before = await read_copies(session, names)
            await bring(session, events)
            await on_states(session, [Brought(before.get(one.subject), one) for one in events])

    async def forget(self, revision: str) -> None:
        """Lose the copy of a revision of a pack, named by its id."""
        name = aggregate(PackRevisionState.RESOURCE, revision)
        async with self.database.write() as session:
            await session.execute(delete(copies).where(copies.c.aggregate == name))

    async def organisation(self, kind: str, name: str, code: str | None = None) -> str:
        one = OrganisationState(id=new_id(), kind=kind, name_zh=name, name_en=name, code=code)
        self.kinds[one.id] = kind
        await self.hear(one)
        return one.id

    async def cycle(
        self, pack: PolicyPack, *, status: Literal["draft", "active", "closed"] = "active", revision: int = 1
    ) -> str:
        await self.hear(
            CycleState(
                id=pack.cycle_id,
                label=pack.label,
                revision=revision,
                status=status,
                sha256=pack.sha256,
                pack=pack.document(),
            ),
            PackRevisionState(
                id=revision_id(pack.cycle_id, revision),
                cycle_id=pack.cycle_id,
                revision=revision,
                sha256=pack.sha256,
                pack=pack.document(),
                loaded_at=NOW,
            ),
            *(self.deadline(pack, line.code) for line in pack.deadlines),
        )
        return pack.cycle_id

    @staticmethod
    def deadline(pack: PolicyPack, code: str, *put_off: PutOff, withdrawn: bool = False) -> DeadlineState:
        """Write a deadline of the ledger as the registry states it, put off for whom it is."""
        line = next(one for one in pack.deadlines if one.code == code)
        for_all = [one.closes_at for one in put_off if not one.organisation_ids]
        return DeadlineState(
            id=DeadlineState.id_of(pack.cycle_id, code),
            cycle_id=pack.cycle_id,
            code=code,
            zh=line.zh,
            en=line.en,
            until=line.until,
            zone=line.zone,
            planned_at=line.closes_at.astimezone(UTC),
            closes_at=max([line.closes_at, *for_all]).astimezone(UTC),
            withdrawn=withdrawn,
            extensions=put_off,
        )

    async def course(self, cycle_id: str, lead_id: str, place_id: str, **differs: Any) -> str:
        """Bring a class that runs, with a plan that asks 80 percent of what is held."""
        plain: dict[str, Any] = {
            "id": new_id(),
            "cycle_id": cycle_id,
            "kind": "theme",
            "arrangement": "own",
            "title_zh": "演练班",
            "status": "running",
            "lead_id": lead_id,
            "institution_ids": [lead_id],
            "place_department_id": place_id,
            "starts_on": FIRST_DAY,
            "ends_on": LAST_DAY,
            "capacity": 1000,
            "completion": CompletionCriteria(min_attendance_percent=80),
        }
        body = ClassState.model_validate(plain | differs)
        self.classes[body.id] = body
        await self.hear(body)
        return body.id

    async def turn(self, class_id: str, **changes: Any) -> None:
        """Bring the next state of a class."""
        self.classes[class_id] = self.classes[class_id].model_copy(update=changes)
        await self.hear(self.classes[class_id])

    async def enrol(self, class_id: str, departments: Sequence[str], **recorded: Any) -> list[str]:
        """Enrol one person of each department in a class, in this order; `recorded` is the nomination's."""
        course = self.classes[class_id]
        shared: dict[str, Any] = {"cycle_id": course.cycle_id, "revision": 1, "class_id": class_id}
        sealer = self.app.state.sealer
        async with self.database.write() as session:
            held = await session.scalars(select(Roster.number).where(Roster.class_id == class_id))
            roster = Roster(
                **shared,
                number=len(held.all()) + 1,
                status="approved",
                rows=len(departments),
                approved_rows=len(departments),
                rows_sha256="0" * 64,
                drafted_at=NOW,
            )
            session.add(roster)
            await session.flush()
            enrolments = []
            for position, department_id in enumerate(departments, 1):
                number = f"{class_id}-{roster.number}-{position}"
                person = Person(
                    document_kind="passport",
                    number_index=sealer.blind_indexes(number, NUMBER)[0],
                    number_sealed=sealer.seal(number, NUMBER),
                    name_sealed=sealer.seal(f"演练{position}", NAME),
                    created_at=NOW,
                )
                facts: dict[str, Any] = {
                    **shared,
                    "number": roster.number * 10_000 + position,
                    "person_id": person.id,
                    "enterprise_id": new_id(),
                    "post": "总经理",
                    "target_group": "leading_sme",
                    "evidence": {},
                    "declarations": [],
                    "credits": {"institution_selected": {"organisation_id": course.lead_id}},
                    "findings": [],
                    "department_id": department_id,
                    "industry_code": "C3824",
                    "industry_section": "C",
                    "nominated_at": NOW,
                    **recorded,
                }
                nomination = Nomination(**facts)
                enrolment = Enrolment(
                    **shared,
                    person_id=person.id,
                    nomination_id=nomination.id,
                    roster_id=roster.id,
                    position=position,
                    department_id=department_id,
                    enterprise_id=nomination.enterprise_id,
                    head=True,
                    enrolled_at=NOW,
                )
                head = Head(
                    cycle_id=course.cycle_id,
                    person_id=person.id,
                    enrolment_id=enrolment.id,
                    class_id=class_id,
                    roster_id=roster.id,
                )
                session.add_all([person, nomination, enrolment, head])
                enrolments.append(enrolment.id)
        return enrolments

    def as_(
        self, organisation_id: str, principal: str | None = None, now: datetime = NOW
    ) -> httpx.AsyncClient:
        """Open a client of an organisation."""
        return client(
            self.app,
            self.kinds[organisation_id],
            organisation_id=organisation_id,
            principal=principal or f"client-of-{organisation_id}",
            now=now,
        )

    async def told(self, event_type: str) -> list[Event]:
        """Read what was said, in the order of the outbox."""
        async with self.database.read() as session:
            bodies = await session.scalars(
                select(outbox.c.body).where(outbox.c.type == event_type).order_by(outbox.c.position)
            )
            return [Event.from_wire(json.loads(body)) for body in bodies]


def make_world(database: Database, home: Path) -> World:
    settings = Settings.model_validate(
        {"database_url": database.url, "mode": "rehearsal", "home": home, "copy_wait": 0.0}
    )
    return World(database, build(settings, database, stamps=STAMPS))
