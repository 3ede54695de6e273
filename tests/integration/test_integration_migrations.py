"""The revisions lead to the tables that are declared."""

from services.integration.app import MIGRATIONS
from shared.migrate import check, migrate
from tests.support.databases import NewUrl


async def test_the_newest_revision_has_the_declared_tables(new_url: NewUrl):
    url = await new_url("integration")
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)
