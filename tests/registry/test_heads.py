"""What the registry hears: approved rosters bring heads to their class, in parts and only once."""

from datetime import UTC, datetime

import pytest

from services.registry.handlers import LISTENER
from shared.events.enrollment import ApprovedRow, RosterApproved
from shared.events.envelope import Event, aggregate, fact
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.registry_world import World, approved

AT = datetime(2023, 1, 5, tzinfo=UTC)


def roster(class_id: str, heads: int, others: int = 0, *, part: int = 1, parts: int = 1) -> Event:
    rows = [
        ApprovedRow(enrolment_id=f"e{n}", person_id=f"p{n}", department_id="d", position=n, head=n <= heads)
        for n in range(1, heads + others + 1)
    ]
    body = RosterApproved(roster_id="r", class_id=class_id, number=1, rows=rows)
    return fact(body, subject=aggregate("enrollment.roster", "r"), at=AT, part=part, parts=parts)


@pytest.mark.clause("C06", "Q7")
async def test_heads_of_all_parts_are_added_and_a_repeated_event_adds_nothing(designated: World):
    class_id = await approved(designated)
    events = [roster(class_id, 500, part=1, parts=2), roster(class_id, 20, 5, part=2, parts=2)]
    now = datetime.now(UTC)
    for _ in range(2):
        await store(designated.database, [encode(event) for event in events], now)
        while await run_due(designated.database, LISTENER, now):
            pass
    shown = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    assert shown["approved_heads"] == 520
    versions = [one["aggregateversion"] for one in await designated.stated("registry.class")]
    assert versions == list(range(1, shown["version"] + 1))


async def test_a_roster_without_heads_changes_nothing(designated: World):
    class_id = await approved(designated)
    before = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    now = datetime.now(UTC)
    await store(designated.database, [encode(roster(class_id, 0, 3))], now)
    await run_due(designated.database, LISTENER, now)
    assert (await designated.act("GET", f"/v1/classes/{class_id}")).json() == before
