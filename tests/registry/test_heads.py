"""What the registry hears: rosters bring heads to their class and withdrawals take them, each only once."""

from datetime import UTC, datetime

import pytest

from services.registry.handlers import LISTENER
from shared.events.enrollment import (
    ApprovedRow,
    MovedHeads,
    PersonsMerged,
    PersonsParted,
    RosterApproved,
    TraineeWithdrawn,
)
from shared.events.envelope import Event, aggregate, fact
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.evaluations import hear
from tests.support.registry_world import World, approved

AT = datetime(2023, 1, 5, tzinfo=UTC)


def roster(class_id: str, heads: int, others: int = 0, *, part: int = 1, parts: int = 1) -> Event:
    rows = [
        ApprovedRow(enrolment_id=f"e{n}", person_id=f"p{n}", department_id="d", position=n, head=n <= heads)
        for n in range(1, heads + others + 1)
    ]
    body = RosterApproved(roster_id="r", class_id=class_id, number=1, rows=rows)
    return fact(body, subject=aggregate("enrollment.roster", "r"), at=AT, part=part, parts=parts)


def withdrawn(class_id: str, heir_class_id: str | None = None, *, head: bool = True) -> Event:
    body = TraineeWithdrawn(
        enrolment_id="e1",
        person_id="p1",
        class_id=class_id,
        head=head,
        heir_enrolment_id="h1" if heir_class_id else None,
        heir_class_id=heir_class_id,
    )
    return fact(body, subject=aggregate("enrollment.enrolment", "e1"), at=AT)


async def heads_of(world: World, class_id: str) -> int:
    return (await world.act("GET", f"/v1/classes/{class_id}")).json()["approved_heads"]


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


@pytest.mark.clause("Q7", "Q8")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_a_head_that_left_passes_to_the_class_of_its_heir_in_whatever_order_it_is_heard(
    designated: World, order: tuple[int, ...]
):
    left, heir = await approved(designated), await approved(designated)
    facts = [roster(left, 3), roster(heir, 2, 1), withdrawn(left, heir)]
    for which in order:
        await hear(designated, facts[which])
    assert (await heads_of(designated, left), await heads_of(designated, heir)) == (2, 3)
    stated = [one for one in await designated.stated("registry.class") if one["data"]["id"] == left]
    assert [one["aggregateversion"] for one in stated] == list(range(1, len(stated) + 1))
    assert stated[-1]["data"]["approved_heads"] == 2


@pytest.mark.clause("Q7", "Q8")
async def test_a_head_without_an_heir_is_gone_and_is_missed_until_its_roster_is_heard(designated: World):
    class_id = await approved(designated)
    await hear(designated, withdrawn(class_id))
    assert await heads_of(designated, class_id) == -1
    again = withdrawn(class_id)
    await hear(designated, again, roster(class_id, 3))
    await hear(designated, again)
    assert await heads_of(designated, class_id) == 1


async def test_who_leaves_without_a_head_or_to_an_heir_of_the_same_class_changes_no_count(designated: World):
    class_id = await approved(designated)
    before = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    await hear(designated, withdrawn(class_id, head=False), withdrawn(class_id, class_id))
    assert (await designated.act("GET", f"/v1/classes/{class_id}")).json() == before


async def test_a_withdrawal_from_a_class_that_nobody_knows_is_set_aside(designated: World):
    class_id = await approved(designated)
    await hear(designated, withdrawn(class_id, "01890a5d-ac96-774b-bcce-b302099a8057"))
    assert await heads_of(designated, class_id) == 0


async def test_who_was_found_to_be_one_counts_once_until_they_are_parted_again(designated: World):
    class_id = await approved(designated)
    ids = {"merge_id": "m", "survivor_id": "p1", "retired_id": "p2"}
    subject = aggregate("enrollment.person_merge", "m")
    merged = PersonsMerged(**ids, heads=[MovedHeads(class_id=class_id, change=-1)])
    parted = PersonsParted(**ids, heads=[MovedHeads(class_id=class_id, change=1)])
    await hear(designated, roster(class_id, 2), fact(merged, subject=subject, at=AT))
    assert await heads_of(designated, class_id) == 1
    await hear(designated, fact(parted, subject=subject, at=AT))
    assert await heads_of(designated, class_id) == 2
