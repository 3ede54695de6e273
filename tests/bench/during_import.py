"""How long others wait while 50,000 rows come in: the networked home, fifty reads a second, open loop.

A request is due at its time whether or not those before it were answered, and its wait counts from there.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console

from deploy.processes import Processes, running
from gateway.map import SERVICES
from services.registry.organisations.models import Organisation
from shared.database import Database
from shared.ids import new_id
from tests.bench.class_list import sign_in
from tests.bench.figures import Measured
from tests.bench.imports import ROWS, content_of
from tests.support import servers
from tests.support.databases import drop_spare, fresh_urls
from tests.support.enrollment_world import make_world
from tests.support.nominees import Plan, plan_in
from tests.support.queues import remove_queues

RATE = 50
BAR_P99_MS = 100.0
_MOST_SECONDS = 300


async def waits() -> Mapping[str, Measured]:
    with servers.postgres() as server, servers.rabbitmq() as amqp_url:
        if server is None or amqp_url is None:
            Console(stderr=True).print(
                "[bold red]!!! POSTGRESQL OR RABBITMQ IS NOT THERE: nothing measured !!!"
            )
            return {}
        try:
            value = await _measured(server, amqp_url)
        finally:
            await drop_spare(server)
    return {"p99_during_import_ms": Measured(value=value, unit="ms", limit_value=None, bar=BAR_P99_MS)}


async def _measured(server: str, amqp_url: str) -> float:
    async with _home(server, amqp_url) as processes, aiohttp.ClientSession(processes.address) as http:
        plan = await _plan(processes)
        headers = await sign_in(http, processes, plan.zhejiang)
        paths = ("/v1/enterprises?limit=20", f"/v1/nominations?class_id={plan.class_id}&limit=20")
        for path in paths:
            await _read(http, path, headers)
        asked = {"class_id": plan.class_id, "dry_run": "false"}
        async with http.post("/v1/imports", params=asked, data=content_of("csv"), headers=headers) as answer:
            started = await answer.json()
        own = f"/v1/imports/{started['id']}"
        taken: list[float] = []
        loop = asyncio.create_task(_open_loop(http, (*paths, own), headers, taken))
        async with asyncio.timeout(_MOST_SECONDS):
            while (await _read(http, own, headers))["status"] != "committed":  # noqa: ASYNC110  another process
                await asyncio.sleep(0.5)
        loop.cancel()
        await asyncio.wait([loop])
    Console(stderr=True).print(f"{ROWS:,} rows, {len(taken):,} requests meanwhile")
    return statistics.quantiles(taken, n=100)[98] * 1000


async def _open_loop(
    http: aiohttp.ClientSession, paths: tuple[str, ...], headers: dict[str, str], taken: list[float]
) -> None:
    start = time.perf_counter()

    async def ask(number: int, due: float) -> None:
        await _read(http, paths[number % len(paths)], headers)
        taken.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(RATE * _MOST_SECONDS):
            due = start + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(ask(number, due))


async def _read(http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> dict[str, Any]:
    async with http.get(path, headers=headers) as answer:
        shown: dict[str, Any] = await answer.json()
        if not answer.ok:
            raise RuntimeError(shown)
    return shown


@asynccontextmanager
async def _home(server: str, amqp_url: str) -> AsyncIterator[Processes]:
    prefix = f"bench-{new_id()[:13]}-"
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        new_url = await stack.enter_async_context(fresh_urls(Path(), server))
        databases = {name: await new_url(name) for name in SERVICES}
        stack.push_async_callback(remove_queues, amqp_url, frozenset(SERVICES), prefix)
        yield await stack.enter_async_context(running(Path(folder), databases, amqp_url, prefix=prefix))


async def _plan(processes: Processes) -> Plan:
    """Let enrollment hear of a class, and the registry know the department that imports into it."""
    enrollment = Database(processes.databases["enrollment"], name="bench")
    registry = Database(processes.databases["registry"], name="bench")
    try:
        plan = await plan_in(make_world(enrollment, processes.folder))
        async with registry.write() as session:
            home = Organisation(
                id=plan.zhejiang,
                kind="department",
                name_zh="浙江",
                name_en="Zhejiang",
                code="330000",
                registered_at=datetime.now(UTC),
            )
            session.add(home)
    finally:
        await enrollment.close()
        await registry.close()
    return plan
