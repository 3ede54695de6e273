"""What the registry hears of evaluation in tests: final rounds and decisions, and the cycle that follows."""

import copy
from datetime import UTC, datetime
from typing import Any

from services.registry.handlers import LISTENER
from shared.events.envelope import Event, aggregate, fact
from shared.events.evaluation import EvaluatedRow, EvaluationCompleted, SuspensionDecided
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.registry_world import CYCLE, World, designation, document_of

NEXT = "miit-sme-leaders.next"
FIRST_ROUND = "0187e5a0-0000-7000-8000-000000000001"
SECOND_ROUND = "0187e5a0-0000-7000-8000-000000000002"
AT = datetime(2023, 12, 1, 2, 0, tzinfo=UTC)


def following(follows: str | None = CYCLE, cycle_id: str = NEXT) -> dict[str, Any]:
    """Write the pack of a cycle that follows another."""
    document = copy.deepcopy(document_of(CYCLE))
    document["cycle"]["label"] = cycle_id.partition(".")[2]
    document["cycle"]["follows"] = follows
    return document


async def load_next(world: World, follows: str | None = CYCLE, *, active: bool = False) -> None:
    loaded = await world.act("POST", "/v1/policy-packs", {"document": following(follows)})
    assert loaded.status_code == 201, loaded.text
    if active:
        await activate_next(world)


async def activate_next(world: World) -> None:
    activated = await world.act("POST", f"/v1/policy-packs/{NEXT}/activation", {})
    assert activated.status_code == 200, activated.text


def decided(institution_id: str, round_id: str = FIRST_ROUND) -> Event:
    body = SuspensionDecided(
        round_id=round_id,
        institution_id=institution_id,
        evaluated_cycle_id=CYCLE,
        ground="bottom_n",
        total=6120,
        rank=20,
        clause=("C39",),
    )
    return fact(body, subject=aggregate("evaluation.round", round_id), at=AT, cycle=CYCLE, revision=1)


def completed(suspended: dict[str, bool], number: int = 1, round_id: str = FIRST_ROUND) -> Event:
    """Make final a round in which these institutions were, each suspended or not."""
    rows = [
        EvaluatedRow(institution_id=one, total=8000, rank=place, suspended=falls)
        for place, (one, falls) in enumerate(suspended.items(), 1)
    ]
    body = EvaluationCompleted(round_id=round_id, number=number, rows=rows)
    return fact(body, subject=aggregate("evaluation.round", round_id), at=AT, cycle=CYCLE, revision=1)


async def hear(world: World, *events: Event) -> None:
    """Let the events arrive together, and be worked through."""
    now = datetime.now(UTC)
    await store(world.database, [encode(event) for event in events], now)
    while await run_due(world.database, LISTENER, now):
        pass


async def designate_next(world: World, *names: str) -> None:
    items = [designation(world, name, cycle_id=NEXT) for name in names]
    results = await world.bulk("/v1/designations", *items, by="人才交流中心")
    assert {result["status"] for result in results} == {201}, results


async def designations_of(world: World, cycle_id: str = NEXT) -> dict[str, dict[str, Any]]:
    """Show the designations of a cycle, by the name of the institution."""
    answer = await world.act("GET", f"/v1/designations?cycle_id={cycle_id}&limit=1000", by="anonymous")
    names = {identifier: name for name, identifier in world.ids.items()}
    return {names[one["institution_id"]]: one for one in answer.json()["items"]}


async def suspensions_of(world: World, name: str) -> list[dict[str, Any]]:
    path = f"/v1/suspensions?institution_id={world.ids[name]}"
    return (await world.act("GET", path, by="anonymous")).json()["items"]


async def join(world: World, *members: str, of: str) -> None:
    """Register a federation and its member bodies."""
    for name, parent in ((of, None), *((member, of) for member in members)):
        item = {"kind": "institution", "name_zh": name, "name_en": name}
        nested = {"parent_id": world.ids[parent]} if parent else {}
        (result,) = await world.bulk("/v1/organisations", {**item, **nested}, by="operator")
        world.ids[name], world.kinds[name] = result["value"]["id"], "institution"
