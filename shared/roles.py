"""The roles that a service's process can have: `api`, `worker`, `migrate`, `republish`, and tasks of its own.

Both long roles end politely on SIGTERM and SIGINT: open requests are answered, the batch at hand is finished.
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

import uvicorn
import uvloop
from fastapi import FastAPI

from shared import worker
from shared.collector import spare
from shared.database import Database
from shared.events.listeners import LISTENERS
from shared.listener import Listener
from shared.logs import configure
from shared.migrate import migrate
from shared.rabbit import RabbitBroker
from shared.republish import Restated, republish

_GRACE_SECONDS = 20
_YIELDS = 10
"""By so much a worker is nicer than the api beside it: it lets those go first who wait for an answer."""


class RoleSettings(Protocol):
    """What a role needs to know: where the database and the broker are, and where the api listens."""

    @property
    def database_url(self) -> str: ...
    @property
    def amqp_url(self) -> str | None: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


Settings = TypeVar("Settings", bound=RoleSettings)

Task = Callable[[Settings, Database], Awaitable[Mapping[str, int]]]
Tasks = Mapping[str, Task[Settings]]
"""What a service does once and then ends, by the name of the role."""


def play(
    settings: Callable[[], Settings],
    build: Callable[[Settings], FastAPI],
    listener: Listener,
    migrations: Path,
    restated: Restated = MappingProxyType({}),
    tasks: Tasks[Settings] = MappingProxyType({}),
) -> None:
    """Play the role that the command line names, until told to stop."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{listener.service}")
    roles = parser.add_subparsers(dest="role", required=True)
    for role in ("api", "worker", "migrate", *tasks):
        roles.add_parser(role)
    again = roles.add_parser("republish", help="state what this service owns again, for one that hears it")
    others = frozenset().union(*LISTENERS.values()) - {listener.service}
    again.add_argument("consumer", choices=sorted(others))
    asked = parser.parse_args()
    configure(listener.service)
    given = settings()
    match asked.role:
        case "api":
            app = build(given)
            spare()
            uvicorn.run(
                app,
                host=given.host,
                port=given.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        case "worker":
            os.nice(_YIELDS)
            uvloop.run(_work(given, listener))
        case "republish":
            asyncio.run(_republish(given, listener.service, restated, asked.consumer))
        case task if task in tasks:
            asyncio.run(_do(given, listener.service, task, tasks[task]))
        case _:
            asyncio.run(migrate(given.database_url, migrations))


def deployed() -> frozenset[str]:
    """Name the services whose queues must exist (`LINGJUN_DEPLOYED`); all that listen, unless told."""
    told = os.environ.get("LINGJUN_DEPLOYED", "")
    return frozenset(told.split(",")) if told else frozenset().union(*LISTENERS.values())


async def _republish(settings: RoleSettings, service: str, restated: Restated, consumer: str) -> None:
    """Record it in the outbox; the worker of this service carries it from there."""
    db = Database(settings.database_url, name=f"{service} republish")
    try:
        told = await republish(db, restated, consumer)
    finally:
        await db.close()
    sys.stdout.writelines(f"{resource}: {count}\n" for resource, count in told.items())


async def _do(settings: Settings, service: str, name: str, task: Task[Settings]) -> None:
    """Do a task of the service's own, and say how much of what was done."""
    db = Database(settings.database_url, name=f"{service} {name}")
    try:
        done = await task(settings, db)
    finally:
        await db.close()
    sys.stdout.writelines(f"{what}: {count}\n" for what, count in done.items())


async def _work(settings: RoleSettings, listener: Listener) -> None:
    if settings.amqp_url is None:
        raise SystemExit(
            f"{listener.service.upper()}_AMQP_URL is not set: a worker of its own needs a broker"
        )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    db = Database(settings.database_url, name=f"{listener.service} worker")
    # Several systems may share one server: `LINGJUN_AMQP_PREFIX` keeps their queues apart.
    broker = RabbitBroker(settings.amqp_url, deployed(), prefix=os.environ.get("LINGJUN_AMQP_PREFIX", ""))
    spare()
    try:
        await worker.run(db, broker, listener, stop=stop)
    finally:
        await broker.close()
        await db.close()
