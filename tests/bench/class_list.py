"""How long a page of classes takes: a thousand of them, eight readers, through the gateway, on PostgreSQL.

The registry's api and the gateway are processes of their own, the readers are this one. A reader is a
department, so that what it may see is asked of the packs. Without a server there is nothing to measure.
"""

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console

from deploy import standalone
from deploy.demo.packs import shipped_packs
from deploy.processes import Processes
from gateway.map import SERVICES
from services.registry.classes.domain import CO_ORGANISER, INSTITUTION
from services.registry.classes.models import Class, ClassOrganiser, TrainingPlan
from services.registry.cycles.domain import ACTIVE
from services.registry.cycles.models import Cycle, PackRevision
from services.registry.organisations.models import Organisation
from shared.database import Database
from shared.events.policy import load_pack
from shared.keys import KeyRing
from shared.migrate import migrate
from tests.bench.figures import Measured, median_of
from tests.support import servers
from tests.support.databases import drop_spare, fresh_urls

CLASSES = 1_000
READERS = 8
REQUESTS = 400
PAGE = 100
ROUNDS = 3
BAR_P95_MS = 100.0
_AT = datetime(2023, 1, 2, tzinfo=UTC)


async def pages() -> Mapping[str, Measured]:
    with servers.postgres() as server:
        if server is None:
            Console(stderr=True).print("[bold red]!!! POSTGRESQL IS NOT THERE: no list was measured !!!")
            return {}
        try:
            with tempfile.TemporaryDirectory() as folder:
                async with fresh_urls(Path(), server) as new_url:
                    value = await _measured(Path(folder), await new_url("registry"))
        finally:
            await drop_spare(server)
    return {"class_list_p95_ms": Measured(value=value, unit="ms", limit_value=None, bar=BAR_P95_MS)}


async def _measured(folder: Path, url: str) -> float:
    async with _served(folder, url) as processes, aiohttp.ClientSession(processes.address) as http:
        headers = await _signed_in(http, processes, url)
        await _p95(http, headers)  # the first round warms the pools
        return await median_of(ROUNDS, lambda: _p95(http, headers))


async def _p95(http: aiohttp.ClientSession, headers: dict[str, str]) -> float:
    taken: list[float] = []
    await asyncio.gather(*(_read(http, headers, taken) for _ in range(READERS)))
    return statistics.quantiles(taken, n=100)[94] * 1000


async def _read(http: aiohttp.ClientSession, headers: dict[str, str], taken: list[float]) -> None:
    """Read page after page, from the first again after the last."""
    after: str | None = None
    for _ in range(REQUESTS // READERS):
        query = {"limit": str(PAGE), **({"after": after} if after else {})}
        began = time.perf_counter()
        async with http.get("/v1/classes", params=query, headers=headers) as answer:
            shown: dict[str, Any] = await answer.json()
        taken.append(time.perf_counter() - began)
        if len(shown["items"]) != PAGE:
            raise RuntimeError(shown)
        after = shown["next"]


@asynccontextmanager
async def _served(folder: Path, url: str) -> AsyncIterator[Processes]:
    """Serve the registry and the gateway; the other services are not needed."""
    KeyRing(folder / "keys").make_missing()
    await migrate(url, standalone.SERVICES["registry"].migrations)
    processes = Processes(folder, dict.fromkeys(SERVICES, url), "")
    try:
        for name in ("registry", "gateway"):
            await processes.start(name)
        yield processes
    finally:
        await processes.stop()


async def _signed_in(http: aiohttp.ClientSession, processes: Processes, url: str) -> dict[str, str]:
    """Fill the database, and sign in as a department."""
    database = Database(url, name="bench")
    try:
        await standalone.ensure_operator(database, processes.folder)
        department = await _fill(database)
    finally:
        await database.close()
    return await sign_in(http, processes, department)


async def sign_in(http: aiohttp.ClientSession, processes: Processes, organisation_id: str) -> dict[str, str]:
    """Make a client of an organisation as the operator, and give the headers of its requests."""
    operator = json.loads((processes.folder / "bootstrap.json").read_text(encoding="utf-8"))
    signed = {
        "authorization": f"Bearer {await _grant(http, operator['client_id'], operator['client_secret'])}"
    }
    asked = {"organisation_id": organisation_id, "name": "bench"}
    async with http.post("/v1/api-clients", json=asked, headers=signed) as answer:
        made = await answer.json()
    return {"authorization": f"Bearer {await _grant(http, made['client_id'], made['secret'])}"}


async def _fill(database: Database) -> str:
    packs = shipped_packs()
    pack = load_pack(packs[max(packs)])
    async with database.write() as session:
        bodies = [
            Organisation(kind=kind, name_zh=name, name_en=name, code=code, registered_at=_AT)
            for kind, name, code in (
                ("department", "浙江省主管部门", "330000"),
                ("institution", "甲大学", None),
                ("industry_organisation", "乙协会", None),
            )
        ]
        session.add_all(
            [
                *bodies,
                Cycle(id=pack.cycle_id, label=pack.label, status=ACTIVE, loaded_at=_AT, activated_at=_AT),
            ]
        )
        await session.flush()
        session.add(
            PackRevision(
                cycle_id=pack.cycle_id,
                revision=1,
                document=pack.document(),
                sha256=pack.sha256,
                loaded_at=_AT,
                loaded_by="bench",
            )
        )
        session.add_all([_class(pack.cycle_id, number, bodies) for number in range(CLASSES)])
    return bodies[0].id


def _class(cycle_id: str, number: int, bodies: list[Organisation]) -> Class:
    """Make an approved class with two organisers and a plan of twenty courses."""
    department, institution, association = bodies
    course = {"title": "战略与创新管理", "minutes": 180, "method": "lecture", "mode": "classroom"}
    return Class(
        cycle_id=cycle_id,
        revision=1,
        kind="special_topic",
        arrangement="own",
        special_topic="digital_empowerment",
        title_zh=f"数字化赋能专题培训第{number}期",
        filed_by=institution.id,
        lead_id=institution.id,
        place_department_id=department.id,
        starts_on=date(2023, 3, 1),
        ends_on=date(2023, 6, 30),
        capacity=60,
        status="approved",
        approved_at=_AT,
        version=4,
        drafted_at=_AT,
        drafted_by="bench",
        organisers=[
            ClassOrganiser(organisation_id=institution.id, role=INSTITUTION, position=0),
            ClassOrganiser(
                organisation_id=association.id, role=CO_ORGANISER, position=1, kind=association.kind
            ),
        ],
        plan=TrainingPlan(
            courses=[{**course, "directions": ["manufacturing_power"]} for _ in range(20)],
            base_visits=[],
            budget_heads=[{"head": "师资", "planned_fen": 5_000_000}],
            consenting_ids=[association.id],
            planned_minutes=3600,
            min_attendance_percent=80,
            min_minutes=2880,
            agreed_at=_AT,
        ),
    )


async def _grant(http: aiohttp.ClientSession, client_id: str, secret: str) -> str:
    """Get a token, as soon as the gateway and the registry are up."""
    auth = aiohttp.BasicAuth(client_id, secret)
    async with asyncio.timeout(60):
        while True:
            try:
                async with http.post(
                    "/oauth/token", data={"grant_type": "client_credentials"}, auth=auth
                ) as answer:
                    if answer.ok:
                        return str((await answer.json())["access_token"])
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
