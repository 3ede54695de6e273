"""The embedded home as a process of its own, to be killed and started again."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import httpx

from deploy.demo.client import Actor
from deploy.home import database_url
from gateway.map import SERVICES
from shared.database import Database
from shared.keys import KeyRing
from tests.crash.settled import until_settled
from tests.support.ports import free_port

_START_SECONDS = 60
_PROGRAM = "from deploy.cli import main; main()"


class EmbeddedHome:
    """One process on one folder; `kill` is SIGKILL, so nothing can tidy up."""

    def __init__(self, folder: Path, port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = port
        self._process: asyncio.subprocess.Process | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def operator(self) -> Actor:
        made = json.loads((self.folder / "bootstrap.json").read_text(encoding="utf-8"))
        return Actor(made["client_id"], made["client_secret"], "operator", "")

    @property
    def process_id(self) -> int:
        if self._process is None:
            raise RuntimeError("the home is not running")
        return self._process.pid

    async def start(self) -> None:
        arguments = ["up", "--rehearsal", "--home", str(self.folder), "--port", str(self.port)]
        log = (self.folder / "log").open("ab")
        with log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _PROGRAM, *arguments, stdout=log, stderr=log
            )
        await until_ready(self.base_url, self._process)

    @property
    def enrollment_url(self) -> str:
        return database_url(self.folder, "enrollment")

    @property
    def keys(self) -> KeyRing:
        return KeyRing(self.folder / "keys")

    async def kill(self, chance: Random) -> None:  # noqa: ARG002 - there is only one process to choose
        await self.strike()
        await self.revive()

    async def strike(self) -> None:
        await self.stop(signal.SIGKILL)

    async def revive(self) -> None:
        await self.start()

    async def stop(self, number: int = signal.SIGTERM) -> None:
        if self._process is not None and self._process.returncode is None:
            os.kill(self._process.pid, number)
            await self._process.wait()

    async def settled(self) -> None:
        databases = [Database(database_url(self.folder, name), name=name) for name in SERVICES]
        try:
            await until_settled(databases)
        finally:
            for database in databases:
                await database.close()


async def until_ready(base_url: str, process: asyncio.subprocess.Process | None = None) -> None:
    """Return when `/readyz` says yes; raise when the process ends before, or time runs out."""
    async with asyncio.timeout(_START_SECONDS), httpx.AsyncClient(base_url=base_url) as client:
        while True:
            try:
                if (await client.get("/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            if process is not None and process.returncode is not None:
                raise RuntimeError(f"the home ended with {process.returncode}")
            await asyncio.sleep(0.02)


@asynccontextmanager
async def embedded_home(folder: Path) -> AsyncIterator[EmbeddedHome]:
    home = EmbeddedHome(folder, free_port())
    await home.start()
    try:
        yield home
    finally:
        await home.stop()
