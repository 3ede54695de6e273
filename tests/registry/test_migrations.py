"""The revisions lead to exactly the tables that the models declare, on both databases."""

from pathlib import Path

from services.registry.tables import Row
from shared.migrate import check, migrate
from tests.support.databases import NewUrl

MIGRATIONS = Path(__file__).parents[2] / "services" / "registry" / "migrations"


async def test_the_newest_revision_has_every_table_as_declared(new_url: NewUrl):
    url = await new_url("registry")
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)
    assert Row.metadata.tables
