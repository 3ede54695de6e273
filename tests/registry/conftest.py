"""A registry on each database, with the organisations and packs that most of its tests need."""

from pathlib import Path

import pytest

from services.registry.app import build
from services.registry.settings import Settings
from services.registry.tables import Row
from tests.support.client import STAMPS
from tests.support.databases import NewDatabase
from tests.support.registry_world import CYCLE, EARLIER, ORGANISATIONS, World, designation, document_of


@pytest.fixture
async def empty(new_database: NewDatabase, tmp_path: Path) -> World:
    """Open a registry where nobody is registered."""
    database = await new_database("registry", Row.metadata)
    settings = Settings.model_validate(
        {"database_url": database.url, "mode": "rehearsal", "home": tmp_path, "copy_wait": 0}
    )
    return World(build(settings, database, stamps=STAMPS), database)


@pytest.fixture
async def world(empty: World) -> World:
    """Open a registry with organisations, the office of 2019, and both packs in force."""
    items = [
        {"kind": kind, "name_zh": name, "name_en": name, **({"code": code} if code else {})}
        for kind, name, code in ORGANISATIONS
    ]
    for result in await empty.bulk("/v1/organisations", *items, by="operator"):
        value = result["value"]
        empty.ids[value["name_zh"]], empty.kinds[value["name_zh"]] = value["id"], value["kind"]
    office = {
        "code": "coordination_office",
        "name_zh": "协调小组办公室",
        "name_en": "Coordination office",
        "host_id": empty.ids["人才交流中心"],
    }
    await empty.bulk("/v1/offices", office, by="operator")
    empty.offices["人才交流中心"] = frozenset({"coordination_office"})
    for cycle in (CYCLE, EARLIER):
        loaded = await empty.act("POST", "/v1/policy-packs", {"document": document_of(cycle)})
        assert loaded.status_code == 201, loaded.text
        activated = await empty.act("POST", f"/v1/policy-packs/{cycle}/activation", {})
        assert activated.status_code == 200, activated.text
    return empty


@pytest.fixture
async def designated(world: World) -> World:
    """Open the same, with 甲大学 designated in the cycle of 2022."""
    result = await world.bulk("/v1/designations", designation(world, "甲大学"), by="人才交流中心")
    assert result[0]["status"] == 201, result
    return world
