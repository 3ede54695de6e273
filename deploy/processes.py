"""The networked home on one machine: an api and workers per service and the gateway, a process each.

For tests that kill. A process is known by its name (`registry`, `registry-worker`, `gateway`; of several
workers `registry-worker-1`, `registry-worker-2`) and comes back on the same port. One that ends by itself,
because a server was away when it began, is started again after a pause, as a supervisor would.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from deploy import standalone
from gateway.map import SERVICES
from gateway.server import listen
from shared.database import Database
from shared.keys import KeyRing
from shared.migrate import migrate

_POLL_SECONDS = 0.05
_PAUSE_SECONDS = 1.0
_START_SECONDS = 240.0
"""Sixteen programs begin at once, and may do so beside other work."""
_GATEWAY = "gateway"


class NotReady(Exception):
    """The home did not answer in time; the log in its folder says why."""


@dataclass
class Processes:
    """`databases` are URLs by service, `prefix` begins the names of queues; logs go to `<name>.log`.

    `workers` says how many of them each service has: one relays, all of them receive, handle and do the jobs.
    """

    folder: Path
    databases: Mapping[str, str]
    amqp_url: str
    prefix: str = ""
    workers: int = 1
    ports: dict[str, int] = field(init=False)
    alive: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _keepers: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.ports = _free_ports((*SERVICES, _GATEWAY))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.ports[_GATEWAY]}"

    @property
    def names(self) -> list[str]:
        numbers = [f"-{number}" for number in range(1, self.workers + 1)] if self.workers > 1 else [""]
        workers = (f"{service}-worker{number}" for service in SERVICES for number in numbers)
        return [*SERVICES, *workers, _GATEWAY]

    async def prepare(self) -> None:
        """Make keys, migrate every database, and make the operator's first client."""
        KeyRing(self.folder / "keys").make_missing()
        for name, url in self.databases.items():
            await migrate(url, standalone.SERVICES[name].migrations)
        registry = Database(self.databases["registry"], name="bootstrap")
        try:
            await standalone.ensure_operator(registry, self.folder)
        finally:
            await registry.close()

    async def start(self, name: str) -> None:
        """Start one process by its name and see that it stays; it is not waited for."""
        self.alive[name] = await self._begin(name)
        self._keepers[name] = asyncio.create_task(self._keep(name), name=f"keeps {name}")

    async def kill(self, name: str) -> None:
        """Kill one process as a power cut would."""
        process = await self._let_go(name)
        if process.returncode is None:
            process.kill()
            await process.wait()

    async def stop(self) -> None:
        """End all of them, politely: the door first."""
        if _GATEWAY in self.alive:
            await self._end(_GATEWAY)
        await asyncio.gather(*(self._end(name) for name in list(self.alive)))

    async def _end(self, name: str) -> None:
        process = await self._let_go(name)
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()

    async def _begin(self, name: str) -> asyncio.subprocess.Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, *_command(name), env=self._environment(), stdout=log, stderr=log
            )

    async def _keep(self, name: str) -> None:
        while True:
            await self.alive[name].wait()
            await asyncio.sleep(_PAUSE_SECONDS)
            self.alive[name] = await self._begin(name)

    async def _let_go(self, name: str) -> asyncio.subprocess.Process:
        keeper = self._keepers.pop(name)
        keeper.cancel()
        await asyncio.wait([keeper])
        return self.alive.pop(name)

    async def ready(self, seconds: float = _START_SECONDS) -> None:
        """Wait until the gateway finds every service ready."""
        async with aiohttp.ClientSession() as client:
            try:
                async with asyncio.timeout(seconds):
                    while not await _answers(client, f"{self.address}/readyz"):  # noqa: ASYNC110  another process
                        await asyncio.sleep(_POLL_SECONDS)
            except TimeoutError:
                raise NotReady(str(self.folder)) from None

    def _environment(self) -> dict[str, str]:
        """Give every process the whole environment: each reads what carries its own prefix."""
        environment = {
            **os.environ,
            "LINGJUN_MODE": "rehearsal",
            "LINGJUN_HOME": str(self.folder),
            "LINGJUN_AMQP_PREFIX": self.prefix,
            "LINGJUN_DEPLOYED": ",".join(SERVICES),
            "GATEWAY_PORT": str(self.ports[_GATEWAY]),
            "REGISTRY_ISSUER": self.address,
        }
        for service in SERVICES:
            prefix = service.upper()
            environment[f"{prefix}_DATABASE_URL"] = self.databases[service]
            environment[f"{prefix}_AMQP_URL"] = self.amqp_url
            environment[f"{prefix}_PORT"] = str(self.ports[service])
            environment[f"GATEWAY_{prefix}_URL"] = f"http://127.0.0.1:{self.ports[service]}"
        return environment


@asynccontextmanager
async def running(
    folder: Path, databases: Mapping[str, str], amqp_url: str, *, prefix: str = "", workers: int = 1
) -> AsyncIterator[Processes]:
    """Run the networked home, in rehearsal, while the block runs."""
    processes = Processes(folder, databases, amqp_url, prefix, workers)
    await processes.prepare()
    try:
        for name in processes.names:
            await processes.start(name)
        await processes.ready()
        yield processes
    finally:
        await processes.stop()


def _command(name: str) -> list[str]:
    if name == _GATEWAY:
        return ["-m", "gateway"]
    service, *role = name.split("-")
    return ["-m", f"services.{service}", role[0] if role else "api"]


def _free_ports(names: tuple[str, ...]) -> dict[str, int]:
    """Find a free port for each, all held until all are found."""
    listeners = {name: listen("127.0.0.1", 0) for name in names}
    ports = {name: int(listener.getsockname()[1]) for name, listener in listeners.items()}
    for listener in listeners.values():
        listener.close()
    return ports


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url) as answer:
            return answer.ok
    except aiohttp.ClientError:
        return False
