"""Retention: what is over its time goes, in batches, and every worker sees to it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select

from shared import retention, worker
from shared.broker import InProcessBroker
from shared.database import Database
from shared.idempotency import idempotency_keys
from shared.listener import Listener
from shared.retention import KEPT, erase_old, retain

NOW = datetime.now(UTC)


async def claim(db: Database, *ages: timedelta) -> None:
    rows = [
        {"principal": "p", "key": str(number), "digest": "d", "claimed_at": NOW - age}
        for number, age in enumerate(ages)
    ]
    async with db.write() as session:
        await session.execute(insert(idempotency_keys), rows)


async def count_keys(db: Database) -> int | None:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(idempotency_keys))


async def test_more_than_a_batch_is_erased_too(db: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    await claim(db, *[KEPT] * 5, timedelta(0))
    assert await erase_old(db, NOW - timedelta(days=1)) == 5
    assert await count_keys(db) == 1


async def test_what_is_younger_than_thirty_days_stays(db: Database, monkeypatch: pytest.MonkeyPatch):
    async def stop_then(stop: asyncio.Event, _seconds: float) -> None:
        stop.set()

    monkeypatch.setattr(retention, "until", stop_then)
    await claim(db, KEPT + timedelta(hours=1), KEPT - timedelta(hours=1))
    await retain(db, asyncio.Event())
    assert await count_keys(db) == 1


async def test_every_worker_sees_to_it(db: Database, monkeypatch: pytest.MonkeyPatch):
    async def stop_worker(_db: Database, stop: asyncio.Event) -> None:
        stop.set()

    monkeypatch.setattr(worker, "retain", stop_worker)
    async with asyncio.timeout(20):
        listener = Listener("registry", frozenset(), {})
        await worker.run(db, InProcessBroker({"registry": db}), listener, stop=asyncio.Event())
