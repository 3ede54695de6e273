"""The networked home as processes of its own, any of which is killed and started again.

PostgreSQL and RabbitMQ are lent by the caller; the queues are removed in the end, with all that is in them.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

from deploy.demo.client import Actor
from deploy.processes import Processes, running
from gateway.map import SERVICES
from shared.database import Database
from tests.crash.settled import until_settled
from tests.support.queues import remove_queues


@dataclass
class NetworkedHome:
    """A gateway and an api and a worker per service; `killed` lists who died, in order."""

    processes: Processes
    killed: list[str]

    @property
    def base_url(self) -> str:
        return self.processes.address

    @property
    def operator(self) -> Actor:
        made = json.loads((self.processes.folder / "bootstrap.json").read_text(encoding="utf-8"))
        return Actor(made["client_id"], made["client_secret"], "operator", "")

    async def kill(self, chance: Random) -> None:
        """Kill one of the seven; nobody waits until it is ready again, the line least of all."""
        name = chance.choice(self.processes.names)
        self.killed.append(name)
        await self.processes.kill(name)
        await self.processes.start(name)

    async def settled(self) -> None:
        urls = self.processes.databases
        databases = [Database(urls[name], name=name) for name in SERVICES]
        try:
            await self.processes.ready()
            await until_settled(databases)
        finally:
            for database in databases:
                await database.close()


@asynccontextmanager
async def networked_home(
    folder: Path, databases: Mapping[str, str], amqp_url: str
) -> AsyncIterator[NetworkedHome]:
    prefix = f"crash-{uuid4().hex[:8]}."
    try:
        async with running(folder, databases, amqp_url, prefix=prefix) as processes:
            yield NetworkedHome(processes, [])
    finally:
        await remove_queues(amqp_url, SERVICES, prefix)
