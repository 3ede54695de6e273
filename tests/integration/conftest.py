"""The service integration on a database of its own, of both kinds."""

import pytest

from services.integration.tables import Row
from tests.integration.stage import Stage, make_stage
from tests.support.databases import NewDatabase


@pytest.fixture
async def stage(new_database: NewDatabase) -> Stage:
    return make_stage(await new_database("integration", Row.metadata))
