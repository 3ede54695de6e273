"""How fast 50,000 rows come in with every check and a full report, beside psql copying what they become.

The import is the whole of it: the upload is sealed and kept, read by the reading program, screened by the
pack, stored with its states, and reported. The limit is psql, which copies the same rows into every table
that the import has filled, with the same indexes and constraints, from files that are ready. Both take turns
on one database, which is emptied between them.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from rich.console import Console
from sqlalchemy import make_url, text
from xlsxwriter import Workbook

from deploy.demo.synthetic import card_number
from services.enrollment.imports.commands import begin_import, receive
from services.enrollment.imports.models import Import
from services.enrollment.imports.running import run_imports
from services.enrollment.tables import Row as Tables
from shared.caller import Caller
from shared.collector import spare
from shared.database import Database
from tests.bench.figures import Measured
from tests.support import servers
from tests.support.databases import drop_spare, fresh_databases
from tests.support.enrollment_world import make_world
from tests.support.nominees import IN_TIME, Plan, plan_in
from tests.support.sheets import Row, as_csv, trainee

ROWS = 50_000
PER_ENTERPRISE = 10
FAULTY_EVERY = 50
ROUNDS = 3
CSV_BAR, XLSX_BAR = 0.40, 0.25
FILLED = (
    "enterprises",
    "enterprise_versions",
    "persons",
    "nominations",
    "imports",
    "import_parts",
    "import_rows",
    "outbox",
)
"""In the order of what they refer to."""

_FIRST_BIRTHDAY, _ORDERS = date(1880, 1, 1), 998

Form = Literal["csv", "xlsx"]


async def from_csv() -> Mapping[str, Measured]:
    return await _share("import_csv_vs_copy", "csv", CSV_BAR)


async def from_workbook() -> Mapping[str, Measured]:
    return await _share("import_xlsx_vs_copy", "xlsx", XLSX_BAR)


async def _share(name: str, form: Form, bar: float) -> Mapping[str, Measured]:
    with servers.postgres() as server:
        if server is None:
            Console(stderr=True).print("[bold red]!!! POSTGRESQL IS NOT THERE: no import was measured !!!")
            return {}
        try:
            with tempfile.TemporaryDirectory() as folder:
                async with _plan(Path(folder), server) as plan:
                    imported, copied = await _rounds(plan, Path(folder), form)
        finally:
            await drop_spare(server)
    rates = ROWS / statistics.median(imported), ROWS / statistics.median(copied)
    Console(stderr=True).print(f"{form}: {rates[0]:,.0f} rows/s, psql {rates[1]:,.0f} rows/s")
    share = Measured(
        value=rates[0] / rates[1], unit="of psql", limit_value=1.0, bar=bar, higher_is_better=True
    )
    return {name: share}


@asynccontextmanager
async def _plan(folder: Path, server: str) -> AsyncIterator[Plan]:
    os.environ.update(LINGJUN_HOME=str(folder), LINGJUN_MODE="rehearsal")
    spare()  # as a worker is
    async with fresh_databases(folder, server) as new_database:
        database = await new_database("enrollment", Tables.metadata)
        yield await plan_in(make_world(database, folder))


async def _rounds(plan: Plan, folder: Path, form: Form) -> tuple[list[float], list[float]]:
    """Let the import and psql take turns; give the seconds of each."""
    database = plan.world.database
    content = content_of(form)
    imported: list[float] = []
    copied: list[float] = []
    for _ in range(ROUNDS):
        await _empty(database)
        imported.append(await _import(plan, content))
        await _psql(database, folder, "to")
        await _empty(database)
        began = time.perf_counter()
        await _psql(database, folder, "from")
        copied.append(time.perf_counter() - began)
    return imported, copied


def content_of(form: Form) -> bytes:
    """Write the file: new people of new enterprises, every fiftieth row in error."""
    rows = [_row(number) for number in range(ROWS)]
    return as_csv(rows) if form == "csv" else _workbook(rows)


def _row(number: int) -> Row:
    enterprise = 10 + number // PER_ENTERPRISE
    faulty = {"phone": "电话"} if number % FAULTY_EVERY == 0 else {}
    day, order = divmod(number, _ORDERS)
    document = card_number("330102", _FIRST_BIRTHDAY + timedelta(day), order + 1)
    known = {"document_number": document, "name": f"演练{number}", "phone": f"139{number:08}"}
    return trainee(1, enterprise=enterprise, **{**known, **faulty})


def _workbook(rows: Sequence[Row]) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        with Workbook(file.name, {"constant_memory": True}) as book:
            sheet = book.add_worksheet("学员")
            sheet.write_row(0, 0, list(rows[0]))
            for line, row in enumerate(rows, 1):
                sheet.write_row(line, 0, list(row.values()))
        return Path(file.name).read_bytes()


async def _import(plan: Plan, content: bytes) -> float:
    database, sealer = plan.world.database, plan.world.app.state.sealer
    caller = Caller(principal="bench", organisation_id=plan.zhejiang, kind="department")
    began = time.perf_counter()
    upload = await receive(sealer, _parts(content))
    async with database.write() as session:
        row = await begin_import(
            session, caller, upload, class_id=plan.class_id, mode="by_row", dry_run=False, now=IN_TIME
        )
    await run_imports(database)
    taken = time.perf_counter() - began
    async with database.read() as session:
        told = await session.get_one(Import, row.id)
    faulty = len(range(0, ROWS, FAULTY_EVERY))
    if told.counts != {"nominated": ROWS - faulty, "refused": faulty}:
        raise RuntimeError(f"the import did not do what it should: {told.status} {told.counts}")
    return taken


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 65536):
        yield content[start : start + 65536]


async def _empty(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text(f"TRUNCATE {', '.join(FILLED)} CASCADE"))
    async with database.read() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await connection.execute(text("CHECKPOINT"))


async def _psql(database: Database, folder: Path, way: Literal["to", "from"]) -> None:
    """Copy every filled table to its file, or from it."""
    address = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    for table in FILLED:
        asked = f"\\copy {table} {way} '{folder / table}'"
        program = await asyncio.create_subprocess_exec("psql", "-q", address, "-c", asked)
        if await program.wait() != 0:
            raise RuntimeError(asked)
