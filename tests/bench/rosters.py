"""How long the approval of a long roster takes: one request, one transaction, on PostgreSQL.

The people and their nominations are written straight into the tables; the roster is drafted, submitted and
decided by the operations that everybody uses. Without a server there is nothing to measure.
"""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import insert

from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.tables import Row
from shared.events.enrollment import ROWS_PER_PART, RosterApproved
from shared.ids import new_id
from tests.bench.figures import Measured, median_of
from tests.support import servers
from tests.support.databases import drop_spare, fresh_databases
from tests.support.enrollment_world import NOW, World, make_world
from tests.support.nominees import EVIDENCE, Plan, plan_in

BARS = {2_100: 2.0, 21_000: 20.0}
"""The seconds that an approval of so many rows may take."""
ROUNDS = 3
_CHUNK = 2_000


async def approval() -> Mapping[str, Measured]:
    with servers.postgres() as server:
        if server is None:
            Console(stderr=True).print("[bold red]!!! POSTGRESQL IS NOT THERE: no roster was approved !!!")
            return {}
        try:
            taken = {rows: await median_of(ROUNDS, lambda rows=rows: _seconds(server, rows)) for rows in BARS}
        finally:
            await drop_spare(server)
    return {
        f"roster_{rows}_s": Measured(value=taken[rows], unit="s", limit_value=None, bar=bar)
        for rows, bar in BARS.items()
    }


async def _seconds(server: str, rows: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with fresh_databases(Path(folder), server) as new_database:
            world = make_world(await new_database("enrollment", Row.metadata), Path(folder))
            plan = await plan_in(world)
            await world.turn(plan.class_id, capacity=rows)
            await _nominate(world, plan, rows)
            roster_id = await plan.submitted(plan.class_id)
            answer = await plan.post(
                plan.centre, f"/v1/rosters/{roster_id}/remaining-decisions", {"decision": "approve"}
            )
            answer.raise_for_status()
            began = time.perf_counter()
            answer = await plan.approve(roster_id)
            taken = time.perf_counter() - began
            told = await world.told(RosterApproved.TYPE)
    if answer.json()["approved_rows"] != rows or len(told) != -(-rows // ROWS_PER_PART):
        raise RuntimeError(answer.text)
    return taken


async def _nominate(world: World, plan: Plan, rows: int) -> None:
    """Write people whose documents say nothing, and a nomination of each."""
    people = [
        {
            "id": new_id(),
            "document_kind": "passport",
            "number_index": number.to_bytes(8, "big"),
            "number_sealed": b"-",
            "name_sealed": b"-",
            "created_at": NOW,
        }
        for number in range(rows)
    ]
    nominations: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "cycle_id": plan.cycle_id,
            "revision": 1,
            "class_id": plan.class_id,
            "number": number,
            "person_id": one["id"],
            "enterprise_id": plan.institution,
            "post": "总经理",
            "target_group": "leading_sme",
            "evidence": EVIDENCE,
            "declarations": [],
            "credits": {"institution_selected": {"organisation_id": plan.institution}},
            "findings": [],
            "department_id": plan.zhejiang if number % 2 else plan.ningbo,
            "industry_code": "C3824",
            "industry_section": "C",
            "status": "nominated",
            "version": 1,
            "nominated_at": NOW,
        }
        for number, one in enumerate(people, 1)
    ]
    async with world.database.write() as session:
        for table, written in ((Person, people), (Nomination, nominations)):
            for start in range(0, rows, _CHUNK):
                await session.execute(insert(table), written[start : start + _CHUNK])
