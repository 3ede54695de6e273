"""How much CPU an event costs the embedded home, from the in-process broker's store to handled.

Four states to one fact that rests on a state of the same batch, as a running cycle has them.
"""

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import Database
from shared.events.enrollment import ApprovedRow, RosterApproved
from shared.events.envelope import Event, aggregate, fact, state
from shared.events.registry import OrganisationState
from shared.ids import new_id
from shared.inbox import store
from shared.listener import Listener
from shared.outbox import Message, encode
from shared.runner import run_due
from tests.bench.figures import Measured, median_of

EVENTS = 4000
BATCH = 200
ROUNDS = 3
BAR_MS = 0.6
STATES_TO_A_FACT = 4


async def embedded() -> Mapping[str, Measured]:
    value = await median_of(ROUNDS, _cpu_ms_per_event)
    return {"handled_cpu_ms_embedded": Measured(value=value, unit="ms", limit_value=None, bar=BAR_MS)}


async def _cpu_ms_per_event() -> float:
    seen: list[str] = []

    async def hear(session: AsyncSession, event: Event) -> None:
        seen.append(RosterApproved.model_validate(event.data).roster_id)

    listener = Listener("bench", frozenset({OrganisationState.RESOURCE}), {RosterApproved: hear})
    messages = _messages(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}", name="bench")
        await database.create_all()
        began = time.process_time()
        for start in range(0, EVENTS, BATCH):
            await store(database, messages[start : start + BATCH], datetime.now(UTC))
            await run_due(database, listener, datetime.now(UTC), BATCH)
        spent = time.process_time() - began
        await database.close()
    if len(seen) != EVENTS // (STATES_TO_A_FACT + 1):
        raise RuntimeError(f"{len(seen)} facts were handled")
    return spent / EVENTS * 1000


def _messages(at: datetime) -> list[Message]:
    messages: list[Message] = []
    while len(messages) < EVENTS:
        for _ in range(STATES_TO_A_FACT):
            organisation = OrganisationState(
                id=new_id(), kind="institution", name_zh="演练机构", name_en="Rehearsal institution"
            )
            messages.append(encode(state(organisation, version=1, at=at)))
        row = ApprovedRow(
            enrolment_id=new_id(), person_id=new_id(), department_id=new_id(), position=1, head=True
        )
        body = RosterApproved(roster_id=new_id(), class_id=new_id(), number=1, rows=[row])
        need = (aggregate(OrganisationState.RESOURCE, organisation.id), 1)
        messages.append(encode(fact(body, subject="enrollment.roster/bench", at=at, needs=[need])))
    return messages
