"""The service enrollment on a throwaway database of each kind, with a small plan that it has heard of."""

from pathlib import Path

import pytest

from services.enrollment.tables import Row
from tests.support.databases import NewDatabase
from tests.support.enrollment_world import World, make_world
from tests.support.nominees import Plan, plan_in


@pytest.fixture
async def world(new_database: NewDatabase, tmp_path: Path) -> World:
    return make_world(await new_database("enrollment", Row.metadata), tmp_path)


@pytest.fixture
async def plan(world: World) -> Plan:
    return await plan_in(world)
