"""The revisions lead to exactly the tables that the models declare, on both databases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import column, insert, select, table, text

from services.registry.deadlines.models import Deadline
from services.registry.tables import Row
from shared.database import Database, Instant, Json
from shared.migrate import _run, check, migrate
from tests.support.databases import NewUrl
from tests.support.registry_world import NOW

MIGRATIONS = Path(__file__).parents[2] / "services" / "registry" / "migrations"

# As they were then: the models of now may have more.
_CYCLES = table(
    "cycles", *map(column, ("id", "label", "status", "version", "revision")), column("loaded_at", Instant())
)
_PACKS = table(
    "pack_revisions",
    *map(column, ("cycle_id", "revision", "sha256", "loaded_by")),
    column("document", Json()),
    column("loaded_at", Instant()),
)


async def test_the_newest_revision_has_every_table_as_declared(new_url: NewUrl):
    url = await new_url("registry")
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)
    assert Row.metadata.tables


@pytest.mark.clause("C19", "C36", "Q1")
async def test_a_cycle_in_force_gets_its_deadlines_into_the_ledger(new_url: NewUrl):
    url = await new_url("registry")
    before = str(ScriptDirectory(str(MIGRATIONS)).get_revision("0005").down_revision)
    await _run(url, MIGRATIONS, lambda config: command.upgrade(config, before))
    line = {"code": "lists", "zh": "名单", "en": "Lists", "until": "2099-03-31", "zone": "Asia/Urumqi"}
    day = {**line, "code": "forms", "zone": "Asia/Shanghai", "clause": ["C19"]}
    document = {"deadlines": [{**line, "hour": "17:00:00"}, day]}
    db = Database(url, name="registry")
    try:
        async with db.write() as session:
            for cycle_id, status in (("p.one", "active"), ("p.two", "draft")):
                cycle = {"id": cycle_id, "label": "one", "status": status, "version": 1}
                await session.execute(insert(_CYCLES).values(**cycle, revision=1, loaded_at=NOW))
                kept = {"cycle_id": cycle_id, "document": document, "sha256": "", "loaded_by": "bureau"}
                await session.execute(insert(_PACKS).values(**kept, revision=1, loaded_at=NOW))
        await migrate(url, MIGRATIONS)
        async with db.read() as session:
            rows = (await session.scalars(select(Deadline).order_by(Deadline.code))).all()
    finally:
        await db.close()
    assert [(one.id, one.planned_at, one.clause, one.version) for one in rows] == [
        ("p.one.forms", datetime(2099, 3, 31, 16, tzinfo=UTC), ["C19"], 1),
        ("p.one.lists", datetime(2099, 3, 31, 11, tzinfo=UTC), [], 1),
    ]


@pytest.mark.clause("C33")
async def test_a_migrated_ledger_has_the_triggers_that_keep_its_entries(new_url: NewUrl):
    url = await new_url("registry")
    await migrate(url, MIGRATIONS)
    db = Database(url, name="registry")
    named = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    try:
        async with db.read() as session:
            triggers = set(await session.scalars(text(named[db.dialect])))
    finally:
        await db.close()
    assert "fund_entries_final" in triggers
    before = str(ScriptDirectory(str(MIGRATIONS)).get_revision("0008").down_revision)
    await _run(url, MIGRATIONS, lambda config: command.downgrade(config, before))
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)
