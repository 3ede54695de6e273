"""The worker of a service: relay, consumer, runner, retention and the service's own jobs, until told to stop.

Each finishes the batch it is at; one that fails (a server is away) starts anew after a pause.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog

from shared.broker import Broker
from shared.database import Database, until
from shared.inbox import TOPIC, store
from shared.listener import Job, Listener
from shared.outbox import Message
from shared.redacted import describe
from shared.relay import relay, relay_due
from shared.retention import retain
from shared.runner import BATCH, run_due

POLL = 2.0
PAUSE_AFTER_FAULT = 1.0

_log = structlog.get_logger(__name__)


async def run(db: Database, broker: Broker, listener: Listener, *, stop: asyncio.Event) -> None:
    """Relay, receive and handle the events of one service until `stop` is set."""

    async def keep(messages: Sequence[Message]) -> None:
        await store(db, messages, datetime.now(UTC))

    jobs: Mapping[str, Callable[[], Awaitable[None]]] = {
        "relay": lambda: relay(db, broker, stop),
        "consumer": lambda: broker.consume(listener.service, keep, stop),
        "runner": lambda: _run_inbox(db, listener, stop),
        "retention": lambda: retain(db, stop),
        **{name: partial(_run_job, db, job, stop) for name, job in listener.jobs.items()},
    }
    await db.start()
    async with asyncio.TaskGroup() as group:
        for name, job in jobs.items():
            group.create_task(_again(name, job, listener.service, stop), name=f"{listener.service} {name}")
        await stop.wait()
        db.wake()


async def drain(broker: Broker, services: Mapping[Database, Listener]) -> int:
    """Relay and handle, in process, until nothing is due any more; return how many events were handled."""
    total = 0
    while True:
        moved = 0
        for db in services:
            moved += await relay_due(db, broker, datetime.now(UTC))
        for db, listener in services.items():
            handled = await run_due(db, listener, datetime.now(UTC))
            total += handled
            moved += handled
            for job in listener.jobs.values():
                moved += await job.run(db)
        if not moved:
            return total


async def _run_inbox(db: Database, listener: Listener, stop: asyncio.Event) -> None:
    with db.waker(TOPIC) as woken:
        while not stop.is_set():
            woken.clear()
            began = time.monotonic()
            # What arrives after a batch that was not full has woken us already.
            if await run_due(db, listener, datetime.now(UTC)) < BATCH:
                await until(woken, POLL)
                await asyncio.sleep(began + db.pause - time.monotonic())


async def _run_job(db: Database, job: Job, stop: asyncio.Event) -> None:
    with db.waker(job.topic) as woken:
        while not stop.is_set():
            woken.clear()
            began = time.monotonic()
            if not await job.run(db):
                await until(woken, POLL)
                await asyncio.sleep(began + db.pause - time.monotonic())


async def _again(name: str, job: Callable[[], Awaitable[None]], service: str, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await job()
        except Exception as error:  # noqa: BLE001 - whatever it was, events must go on; the log says it
            _log.error("job failed, starting it again", service=service, job=name, fault=describe(error))
            await until(stop, PAUSE_AFTER_FAULT)
