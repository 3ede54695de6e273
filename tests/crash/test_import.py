"""Imports under kill -9: wherever their process dies, they end as an import that nothing disturbed."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from gateway.map import SERVICES
from tests.crash.embedded import embedded_home
from tests.crash.faulty import SOUND_ROWS, choose_lines
from tests.crash.importing import Scene, scene_in
from tests.crash.networked import networked_home
from tests.support.databases import fresh_urls

pytestmark = pytest.mark.crash

FILES = ("xlsx", "csv", "atomic")
EMBEDDED = {"xlsx": 6, "csv": 5, "atomic": 2}
NETWORKED = {"xlsx": 10, "csv": 9, "atomic": 2}
"""How often whoever runs the imports is killed: row by row thirty times in all."""
CHUNK = "2"


@pytest.fixture(scope="module", autouse=True)
def small_chunks() -> Iterator[None]:
    """Let the processes that are started from here deal with a few lines at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENROLLMENT_IMPORT_CHUNK", CHUNK)
        yield


@pytest.fixture(scope="module")
def undisturbed(small_chunks: None, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Tell what the files come to in an embedded home that nothing disturbed."""

    async def run() -> list[str]:
        async with embedded(tmp_path_factory.mktemp("undisturbed")) as scene:
            return await imported(scene)

    return asyncio.run(run())


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Scene]:
    async with embedded_home(folder / "home") as home, scene_in(home) as scene:
        yield scene


@asynccontextmanager
async def networked(folder: Path, postgres_url: str, amqp_url: str) -> AsyncIterator[Scene]:
    async with fresh_urls(folder, postgres_url) as new_url:
        databases = {service: await new_url(service) for service in SERVICES}
        async with networked_home(folder / "home", databases, amqp_url) as home, scene_in(home) as scene:
            yield scene


async def imported(scene: Scene, kills: Mapping[str, int] | None = None, *, seed: int = 0) -> list[str]:
    """Import the files one after the other, killed so often on the way; tell what they came to."""
    chance, imports, times = Random(seed), list[str](), kills or dict.fromkeys(FILES, 0)
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    for name in FILES:
        imports.append(await scene.ask(name))
        if name == "atomic":
            await die_storing(scene, imports[-1], times[name], chance)
        else:
            await scene.kill_at(imports[-1], choose_lines(times[name], chance))
        await scene.until_status(imports[-1], "committed")
    assert await scene.nominated("atomic") == SOUND_ROWS
    return await scene.told(imports)


async def die_storing(scene: Scene, import_id: str, kills: int, chance: Random):
    """Kill whoever stores all or nothing in the middle of it: each time there is nothing."""
    for _ in range(kills):
        await scene.until_storing(import_id, chance.randrange(1, SOUND_ROWS // 2))
        await scene.home.strike()
        assert (await scene.stands(import_id))[0] == "committing"
        assert await scene.nominated("atomic") == 0
        await scene.home.revive()


async def test_imports_of_an_embedded_home_that_is_killed_end_as_undisturbed_ones(
    undisturbed: list[str], tmp_path: Path
):
    async with embedded(tmp_path) as scene:
        found = await imported(scene, EMBEDDED, seed=11)
    assert found == undisturbed


@pytest.mark.postgres
@pytest.mark.rabbitmq
async def test_imports_whose_worker_is_killed_end_as_undisturbed_ones(
    undisturbed: list[str], tmp_path: Path, postgres_url: str, amqp_url: str
):
    async with networked(tmp_path, postgres_url, amqp_url) as scene:
        found = await imported(scene, NETWORKED, seed=12)
    assert found == undisturbed
