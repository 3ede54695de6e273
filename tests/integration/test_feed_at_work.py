"""The feed while its workers compete or die: every state becomes a change once, and readers miss none."""

import asyncio
import json
from itertools import count
from pathlib import Path

from services.integration.feed import number_changes
from services.integration.handlers import LISTENER
from shared.events.envelope import Event
from shared.events.listeners import STATES
from shared.runner import run_due
from tests.integration.stage import Reader, Stage, office
from tests.support.events import NOW, deliver
from tests.support.interruption import interrupt

SAMPLES = Path(__file__).parents[1] / "contracts" / "samples"
FEWEST_STEPS = 5


async def test_every_kind_of_state_becomes_a_change_with_its_whole_body(stage: Stage):
    files = [SAMPLES / f"{one.state_type()}.json" for one in STATES]
    states = [Event.from_wire(json.loads(file.read_text("utf-8"))) for file in files]
    await stage.hear(*states)
    reader = stage.reader("bureau")
    await reader.read()
    assert {f"{one['resource']}/{one['id']}": (one["version"], one["cycle"]) for one in reader.told} == {
        one.subject: (one.version, one.cycle) for one in states
    }
    told = {f"{one['resource']}/{one['id']}": one["data"] for one in reader.told}
    assert all(told[one.subject] == one.data for one in states)


async def test_a_crash_at_any_step_loses_and_repeats_no_change(stage: Stage):
    async def work() -> None:
        await run_due(stage.database, LISTENER, NOW)
        await number_changes(stage.database)

    reader, lasting = stage.reader("institution", "first"), office("lasting")
    for step in count(1):
        await deliver(
            stage.database,
            [stage.stated(office(f"{step}"), "org:first"), stage.stated(lasting, "public")],
        )
        crashed = await interrupt(work(), step)
        await reader.read(3)
        if not crashed:
            break
    await stage.hear()
    assert step > FEWEST_STEPS
    kept = await reader.read()
    assert len(kept) == step + 1
    assert kept["registry.office", lasting.id] == step
    assert await stage.reader("institution", "first").read() == kept


async def test_two_workers_leave_each_reader_a_whole_stream(stage: Stage):
    """Both handle and number what is due while readers follow; all of them end with the same."""
    bodies = [office(f"one {place}") for place in range(60)]
    first, bureau = stage.reader("institution", "first"), stage.reader("bureau")
    for turn in range(3):
        terms = [["org:first"] if (place + turn) % 3 else [] for place in range(60)]
        states = [stage.stated(body, *audience) for body, audience in zip(bodies, terms, strict=True)]
        await deliver(stage.database, states)
    working = True

    async def work() -> None:
        while await run_due(stage.database, LISTENER, NOW, 7):
            await number_changes(stage.database)

    async def follow(reader: Reader) -> None:
        while working:
            await reader.read(11)

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for reader in (first, bureau):
            group.create_task(follow(reader))
        await asyncio.gather(work(), work())
        await stage.hear()
        working = False
    assert set((await bureau.read()).values()) == {3}
    assert len(bureau.store) == 60
    seen = {body.id for place, body in enumerate(bodies) if (place + 2) % 3}
    assert {one for _, one in await first.read()} == seen
    assert await stage.reader("institution", "first").read(5) == first.store
