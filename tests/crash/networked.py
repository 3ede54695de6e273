"""The networked home as processes of its own, any of which is killed and started again.

PostgreSQL and RabbitMQ are lent by the caller; the queues are removed in the end, with all that is in them.
Servers that the caller lends to be killed are `outages`: what happens, by name.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import uuid4

from deploy.demo.client import Actor
from deploy.processes import Processes, running
from gateway.map import SERVICES
from shared.database import Database
from shared.keys import KeyRing
from tests.crash.settled import until_settled
from tests.support.queues import remove_queues, until_consumers

ANY = "any process"
_RUNS_IMPORTS = "enrollment-worker"


@dataclass(frozen=True, slots=True)
class Outage:
    """A server that goes away by `end` and comes back by `start`; in between a worker dies too."""

    end: Callable[[], None]
    start: Callable[[], None]


@dataclass
class NetworkedHome:
    """A gateway and an api and workers per service; `killed` lists who died, in order.

    `deaths` says who is to die next: the name of an outage, or ANY process; when it is empty, any.
    """

    processes: Processes
    outages: Mapping[str, Outage]
    deaths: deque[str]
    killed: list[str] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return self.processes.address

    @property
    def operator(self) -> Actor:
        made = json.loads((self.processes.folder / "bootstrap.json").read_text(encoding="utf-8"))
        return Actor(made["client_id"], made["client_secret"], "operator", "")

    async def kill(self, chance: Random) -> None:
        """Kill the next of `deaths`; nobody waits until a process is ready again, the line least of all."""
        death = self.deaths.popleft() if self.deaths else ANY
        if (outage := self.outages.get(death)) is None:
            await self._kill(chance.choice(self.processes.names))
            return
        self.killed.append(death)
        await asyncio.to_thread(outage.end)
        await self._kill(chance.choice([name for name in self.processes.names if "worker" in name]))
        await asyncio.to_thread(outage.start)

    @property
    def enrollment_url(self) -> str:
        return self.processes.databases["enrollment"]

    @property
    def keys(self) -> KeyRing:
        return KeyRing(self.processes.folder / "keys")

    async def strike(self) -> None:
        """Kill the one worker that runs imports."""
        self.killed.append(_RUNS_IMPORTS)
        await self.processes.kill(_RUNS_IMPORTS)

    async def revive(self) -> None:
        await self.processes.start(_RUNS_IMPORTS)

    async def _kill(self, name: str) -> None:
        self.killed.append(name)
        await self.processes.kill(name)
        await self.processes.start(name)

    async def settled(self) -> None:
        """Wait for every process and every consumer, then for the events."""
        urls = self.processes.databases
        databases = [Database(urls[name], name=name) for name in SERVICES]
        try:
            await self.processes.ready()
            for service in SERVICES:
                queue = f"{self.processes.prefix}{service}"
                await until_consumers(self.processes.amqp_url, queue, self.processes.workers)
            await until_settled(databases)
        finally:
            for database in databases:
                await database.close()


@asynccontextmanager
async def networked_home(
    folder: Path,
    databases: Mapping[str, str],
    amqp_url: str,
    *,
    workers: int = 1,
    outages: Mapping[str, Outage] | None = None,
    deaths: Iterable[str] = (),
) -> AsyncIterator[NetworkedHome]:
    prefix = f"crash-{uuid4().hex[:8]}."
    try:
        async with running(folder, databases, amqp_url, prefix=prefix, workers=workers) as processes:
            yield NetworkedHome(processes, outages or {}, deque(deaths))
    finally:
        await remove_queues(amqp_url, SERVICES, prefix)
