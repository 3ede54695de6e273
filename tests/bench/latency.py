"""From the commit of a command to the commit of the handler in another service, over RabbitMQ.

Fifty events a second, one transaction each, PostgreSQL on both sides, both workers in this process. Without
the two servers there is nothing to measure, which is said aloud.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy import event as sqlalchemy_events
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shared import worker
from shared.database import Database
from shared.events.enrollment import ApprovedRow, RosterApproved
from shared.events.envelope import Event, fact
from shared.ids import new_id
from shared.listener import Listener
from shared.outbox import record
from shared.rabbit import RabbitBroker
from tests.bench.figures import Measured
from tests.support import servers
from tests.support.databases import drop_spare, fresh_databases
from tests.support.queues import remove_queues

RATE = 50
EVENTS = 500
ROUNDS = 3
WARM_UP = 25
BAR_P50_MS = 30.0
BAR_P99_MS = 150.0


async def commit_to_handled() -> Mapping[str, Measured]:
    with servers.postgres() as postgres_url, servers.rabbitmq() as amqp_url:
        if postgres_url is None or amqp_url is None:
            missing = "RABBITMQ" if postgres_url else "POSTGRESQL"
            Console(stderr=True).print(f"[bold red]!!! {missing} IS NOT THERE: no latency was measured !!!")
            return {}
        try:
            rounds = [await _one_round(postgres_url, amqp_url) for _ in range(ROUNDS)]
        finally:
            await drop_spare(postgres_url)
    p50 = statistics.median(statistics.quantiles(times, n=100)[49] for times in rounds)
    p99 = statistics.median(statistics.quantiles(times, n=100)[98] for times in rounds)
    return {
        "commit_to_handled_p50_ms": Measured(value=p50, unit="ms", limit_value=None, bar=BAR_P50_MS),
        "commit_to_handled_p99_ms": Measured(value=p99, unit="ms", limit_value=None, bar=BAR_P99_MS),
    }


async def _one_round(postgres_url: str, amqp_url: str) -> list[float]:
    """Take milliseconds from commit to handled of each event after the warm-up."""
    committed: dict[str, float] = {}
    handled: dict[str, float] = {}

    async def hear(session: AsyncSession, event: Event) -> None:
        name = RosterApproved.model_validate(event.data).roster_id

        def note(_session: Session) -> None:
            handled[name] = time.perf_counter()

        sqlalchemy_events.listen(session.sync_session, "after_commit", note, once=True)

    sender = Listener("enrollment", frozenset(), {})
    receiver = Listener("registry", frozenset(), {RosterApproved: hear})
    async with _running(sender, receiver, postgres_url, amqp_url) as source:
        start = time.perf_counter()
        for number in range(WARM_UP + EVENTS):
            await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            if number == WARM_UP:
                committed.clear()
            body = _approved()
            async with source.write() as session:
                told = fact(body, subject=f"enrollment.roster/{body.roster_id}", at=datetime.now(UTC))
                await record(session, told)
            committed[body.roster_id] = time.perf_counter()
        await _all_in(committed, handled)
    return [(handled[name] - moment) * 1000 for name, moment in committed.items()]


async def _all_in(committed: Mapping[str, float], handled: Mapping[str, float]) -> None:
    async with asyncio.timeout(30):
        while not committed.keys() <= handled.keys():  # noqa: ASYNC110 - an event a time would disturb it
            await asyncio.sleep(0.05)


def _approved() -> RosterApproved:
    row = ApprovedRow(
        enrolment_id=new_id(), person_id=new_id(), department_id=new_id(), position=1, head=True
    )
    return RosterApproved(roster_id=new_id(), class_id=new_id(), number=1, rows=[row])


@asynccontextmanager
async def _running(
    sender: Listener, receiver: Listener, postgres_url: str, amqp_url: str
) -> AsyncIterator[Database]:
    """Run the two workers on databases and queues of their own; give the sender's database."""
    stop = asyncio.Event()
    deployed = frozenset({sender.service, receiver.service})
    prefix = f"bench-{new_id()[:13]}-"
    async with AsyncExitStack() as stack:
        new_database = await stack.enter_async_context(fresh_databases(Path(), postgres_url))
        source, target = await new_database("sender"), await new_database("receiver")
        stack.push_async_callback(remove_queues, amqp_url, deployed, prefix)
        jobs: list[asyncio.Task[None]] = []
        for database, listener in ((source, sender), (target, receiver)):
            broker = RabbitBroker(amqp_url, deployed, prefix=prefix)
            stack.push_async_callback(broker.close)
            jobs.append(asyncio.create_task(worker.run(database, broker, listener, stop=stop)))
        try:
            yield source
        finally:
            stop.set()
            await asyncio.gather(*jobs)
