"""Crashes: whatever step is the last one before the end, nothing is lost and nothing happens twice."""

import asyncio
import random
import sys
from asyncio import subprocess
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import func, insert, select

from shared.broker import InProcessBroker
from shared.database import Database
from shared.outbox import outbox, record
from shared.relay import relay_due
from shared.runner import run_due
from shared.worker import drain
from tests.support.databases import NewDatabase
from tests.support.embedded import SENDER
from tests.support.events import (
    CERTIFICATION,
    class_need,
    class_state,
    completion,
    effects,
    statuses,
    traces,
    traces_of,
)
from tests.support.interruption import interrupt

ROOT = Path(__file__).parents[2]
FEWEST_STEPS = 5


async def test_a_crash_at_any_step_of_a_command_leaves_change_and_event_or_neither(new_database: NewDatabase):
    db = await new_database("enrollment", traces)

    async def command() -> None:
        async with db.write() as session:
            await session.execute(insert(effects).values(event_id="change"))
            await record(session, class_state("a"))

    for step in count(1):
        crashed = await interrupt(command(), step)
        async with db.read() as session:
            changes = await session.scalar(select(func.count()).select_from(effects))
            assert await session.scalar(select(func.count()).select_from(outbox)) == changes
        if not crashed:
            break
    assert step > FEWEST_STEPS
    assert changes


async def test_a_crash_at_any_step_from_outbox_to_handler_loses_and_repeats_nothing(
    new_database: NewDatabase,
):
    sender = await new_database("enrollment")
    receiver = await new_database("certification", traces)
    broker = InProcessBroker({"enrollment": sender, "certification": receiver})
    said: list[str] = []

    async def line() -> None:
        await relay_due(sender, broker, datetime.now(UTC))
        await run_due(receiver, CERTIFICATION, datetime.now(UTC))

    for step in count(1):
        facts = [completion(class_need(str(step))), completion()]
        said += [fact.id for fact in facts]
        async with sender.write() as session:
            await record(session, facts[0], class_state(str(step)), facts[1])
        crashed = await interrupt(line(), step)
        await drain(broker, {sender: SENDER, receiver: CERTIFICATION})
        assert await traces_of(receiver) == sorted(said)
        assert set(await statuses(receiver)) == {"done"}
        if not crashed:
            break
    assert step > FEWEST_STEPS


async def test_killed_processes_lose_and_repeat_nothing(tmp_path: Path):
    said = await _prepare(tmp_path, events=600)
    chance = random.Random(20230504)
    for _ in range(4):
        process = await _start(tmp_path)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 150)):
            await process.stdout.readline()
        process.kill()
        # not wait(): what the dead process had already written is still to be read
        await process.communicate()
    process = await _start(tmp_path)
    await process.communicate()
    assert process.returncode == 0
    receiver = Database(f"sqlite+aiosqlite:///{tmp_path / 'certification.db'}", name="certification")
    assert await traces_of(receiver) == sorted(said)
    assert set(await statuses(receiver)) == {"done"}
    await receiver.close()


async def _prepare(folder: Path, events: int) -> list[str]:
    sender, receiver = (
        Database(f"sqlite+aiosqlite:///{folder / f'{name}.db'}", name=name)
        for name in ("enrollment", "certification")
    )
    await sender.create_all()
    await receiver.create_all(traces)
    facts = [completion(class_need(str(number % 50))) for number in range(events)]
    async with sender.write() as session:
        await record(session, *facts, *(class_state(str(number)) for number in range(50)))
    await sender.close()
    await receiver.close()
    return [fact.id for fact in facts]


async def _start(folder: Path) -> subprocess.Process:
    arguments = (sys.executable, "-m", "tests.support.embedded", str(folder))
    return await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, stdout=subprocess.PIPE)
