"""The service enrollment on a throwaway database of each kind, with a small plan that it has heard of."""

from pathlib import Path

import pytest

from services.enrollment.tables import Row
from tests.support.databases import NewDatabase
from tests.support.enrollment_world import World, make_world
from tests.support.halves import Cycle
from tests.support.nominees import Plan, plan_in


@pytest.fixture
async def world(new_database: NewDatabase, tmp_path: Path) -> World:
    return make_world(await new_database("enrollment", Row.metadata), tmp_path)


@pytest.fixture
async def plan(world: World) -> Plan:
    return await plan_in(world)


@pytest.fixture
async def cycle(world: World) -> Cycle:
    """Settle a cycle of ten heads, three of them from manufacturing."""
    made = await Cycle(world).settle("2019-2020", "region")
    await world.enrol(made.one, [made.ningbo, made.ningbo, made.zhejiang])
    await world.enrol(made.one, [made.zhejiang], industry_code="J66", industry_section="J")
    await world.enrol(made.two, [made.zhejiang] * 6, industry_code="I6510", industry_section="I")
    return made
