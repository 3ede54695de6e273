"""The networked home, a process per role: it answers, loses processes, and answers again."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from deploy.processes import Processes, running
from gateway.map import SERVICES
from tests.support.databases import fresh_urls
from tests.support.queues import remove_queues

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq]


@pytest.fixture
async def processes(tmp_path: Path, postgres_url: str, amqp_url: str) -> AsyncIterator[Processes]:
    prefix = f"test-{uuid4().hex[:8]}."
    async with fresh_urls(tmp_path, postgres_url) as new_url:
        databases = {service: await new_url(service) for service in SERVICES}
        async with running(tmp_path / "home", databases, amqp_url, prefix=prefix) as started:
            yield started
    await remove_queues(amqp_url, SERVICES, prefix)


async def _organisations(http: httpx.AsyncClient, folder: Path) -> httpx.Response:
    shown = json.loads((folder / "bootstrap.json").read_text())
    token = await http.post(
        "/oauth/token",
        auth=(shown["client_id"], shown["client_secret"]),
        data={"grant_type": "client_credentials"},
    )
    headers = {"authorization": f"Bearer {token.json()['access_token']}"}
    return await http.get("/v1/organisations", headers=headers)


@pytest.mark.parametrize(
    ("workers", "names"),
    [(1, ["registry-worker"]), (2, ["registry-worker-1", "registry-worker-2"])],
)
def test_every_service_has_its_api_and_as_many_workers_as_told(
    tmp_path: Path, workers: int, names: list[str]
):
    processes = Processes(tmp_path, {}, "", workers=workers)
    assert [name for name in processes.names if name.startswith("registry")] == ["registry", *names]
    assert len(processes.names) == len(set(processes.names)) == len(SERVICES) * (1 + workers) + 1


async def test_what_is_killed_comes_back_on_its_place_and_what_ends_by_itself_is_started_again(
    processes: Processes,
):
    async with httpx.AsyncClient(base_url=processes.address, timeout=20.0) as http:
        before = await _organisations(http, processes.folder)
        await processes.kill("certification")
        dark = await http.get("/v1/verifications/none")
        alight = await _organisations(http, processes.folder)
        ended = processes.alive["enrollment-worker"]
        ended.terminate()
        for name in ("certification", "registry-worker", "gateway"):
            if name in processes.alive:
                await processes.kill(name)
            await processes.start(name)
        await processes.ready()
        after = await _organisations(http, processes.folder)
        async with asyncio.timeout(20):
            while processes.alive["enrollment-worker"] is ended:  # noqa: ASYNC110  another process
                await asyncio.sleep(0.1)
    assert [item["kind"] for item in before.json()["items"]] == ["operator"]
    assert (dark.status_code, dark.json()["service"]) == (503, "certification")
    assert alight.json()["items"] == after.json()["items"] == before.json()["items"]
