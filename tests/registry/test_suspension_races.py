"""At the same instant: nobody is designated beside a suspension in force, no class rests on one that fell.

Each race is held still at its worst point: one side has written and not committed, the other arrives.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.review import approve_class, file_class
from services.registry.classes.states import lock_classes
from services.registry.consequences.commands import lift_suspension, suspend_institution
from services.registry.cycles.commands import load_policy_pack
from services.registry.designations.commands import designate_institution
from services.registry.designations.schemas import DesignateInstitution
from shared.caller import Caller
from shared.events.evaluation import SuspensionDecided
from shared.events.policy import parse_pack
from tests.registry.test_suspensions import lift, suspended
from tests.support.databases import until_somebody_waits
from tests.support.evaluations import (
    AT,
    NEXT,
    decided,
    designate_next,
    designations_of,
    following,
    hear,
    load_next,
    suspensions_of,
)
from tests.support.registry_world import NOW, World, designation, drafted, problem, refusal, step

CENTRE = Caller(principal="centre", kind="talent_exchange_centre", organisation_id="centre")
BUREAU = Caller(principal="bureau", kind="bureau", organisation_id="bureau")

T = TypeVar("T")
Act = Callable[[AsyncSession], Awaitable[object]]


async def between(world: World, first: Act, second: Awaitable[T]) -> T:
    """Let the second come while the first has written and not committed; answer what became of it."""
    async with world.database.write() as session:
        await first(session)
        await session.flush()
        coming = asyncio.ensure_future(second)
        await until_somebody_waits(world.database)
    return await coming


def decide(world: World) -> Act:
    body = SuspensionDecided.model_validate(decided(world.ids["甲大学"]).data)
    return lambda session: suspend_institution(session, body, revision=1, now=AT)


def designate(world: World) -> Act:
    asked = DesignateInstitution(**designation(world, "甲大学", cycle_id=NEXT))
    return lambda session: designate_institution(session, asked, caller=CENTRE, now=NOW)


def load(follows: str | None) -> Act:
    pack = parse_pack(following(follows))
    return lambda session: load_policy_pack(session, pack, caller=BUREAU, now=NOW, if_match=None)


async def filed(world: World) -> str:
    class_id = await drafted(world, cycle_id=NEXT)
    await step(world, class_id, "filing", "甲大学")
    await step(world, class_id, "agreement", "人才交流中心")
    return class_id


async def status_of(world: World, class_id: str) -> str:
    return (await world.act("GET", f"/v1/classes/{class_id}")).json()["status"]


@pytest.mark.clause("C39")
async def test_a_designation_under_way_when_the_decision_arrives_ends_suspended(world: World):
    await load_next(world, active=True)
    await between(world, designate(world), hear(world, decided(world.ids["甲大学"])))
    assert (await designations_of(world))["甲大学"]["status"] == "suspended"
    assert (await suspensions_of(world, "甲大学"))[0]["status"] == "in_force"


@pytest.mark.clause("C39")
async def test_a_designation_that_arrives_while_the_decision_is_under_way_is_refused(world: World):
    await load_next(world, active=True)
    item = designation(world, "甲大学", cycle_id=NEXT)
    answer = await between(world, decide(world), world.bulk("/v1/designations", item, by="人才交流中心"))
    assert refusal(answer[0]) == "institution-suspended"
    assert await designations_of(world) == {}


async def test_nobody_is_designated_beside_a_suspension_in_force_whoever_is_first(world: World):
    await load_next(world, active=True)
    names = [f"大学{number}" for number in range(12)]
    items = [{"kind": "institution", "name_zh": name, "name_en": name} for name in names]
    for result in await world.bulk("/v1/organisations", *items, by="operator"):
        world.ids[result["value"]["name_zh"]] = result["value"]["id"]
    await asyncio.gather(
        *(
            world.bulk("/v1/designations", designation(world, name, cycle_id=NEXT), by="人才交流中心")
            for name in names
        ),
        *(hear(world, decided(world.ids[name])) for name in reversed(names)),
    )
    held = await designations_of(world)
    assert {one["status"] for one in held.values()} <= {"suspended"}
    for name in names:
        (one,) = await suspensions_of(world, name)
        assert one["status"] == "in_force"


@pytest.mark.clause("Q14")
async def test_a_pack_loaded_while_the_decision_is_under_way_is_barred(world: World):
    body = {"document": following()}
    await between(world, decide(world), world.act("POST", "/v1/policy-packs", body))
    assert (await suspensions_of(world, "甲大学"))[0]["status"] == "in_force"


@pytest.mark.clause("Q14")
async def test_a_decision_that_arrives_while_the_pack_is_loaded_bars_its_cycle(world: World):
    await between(world, load(following()["cycle"]["follows"]), hear(world, decided(world.ids["甲大学"])))
    assert (await suspensions_of(world, "甲大学"))[0]["barred_cycle_id"] == NEXT


@pytest.mark.clause("Q14")
async def test_a_suspension_lifted_while_the_cycle_is_loaded_bars_nobody(world: World):
    shown = await suspended(world)
    lifted = await between(world, load(following()["cycle"]["follows"]), lift(world, shown["id"]))
    assert lifted.json()["status"] == "lifted"
    await world.act("POST", f"/v1/policy-packs/{NEXT}/activation", {})
    await designate_next(world, "甲大学")
    versions = [one["aggregateversion"] for one in await world.stated("registry.suspension")]
    assert versions == [1, 2, 3]


@pytest.mark.clause("Q14")
async def test_a_cycle_loaded_while_the_suspension_is_lifted_is_not_barred(world: World):
    shown = await suspended(world)

    async def lifting(session: AsyncSession) -> None:
        await lift_suspension(session, shown["id"], "整改", caller=BUREAU, now=NOW, if_match=None)

    await between(world, lifting, load_next(world, active=True))
    (lifted,) = await suspensions_of(world, "甲大学")
    assert (lifted["status"], lifted["barred_cycle_id"], lifted["version"]) == ("lifted", None, 2)
    await designate_next(world, "甲大学")


@pytest.mark.clause("C39", "Q14")
async def test_a_class_whose_approval_is_under_way_is_returned_after_it(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    class_id = await filed(world)

    async def approving(session: AsyncSession) -> None:
        await approve_class(session, class_id, caller=CENTRE, now=NOW, if_match=None)

    await between(world, approving, hear(world, decided(world.ids["甲大学"])))
    assert await status_of(world, class_id) == "returned"
    states = [one["data"]["status"] for one in await world.stated("registry.class")]
    assert states[-2:] == ["approved", "returned"]


async def test_who_approves_and_who_suspends_lock_in_the_same_order(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    class_id = await filed(world)

    async def deciding() -> None:
        # By itself: the runner would try again what a deadlock ended.
        async with world.database.write() as session:
            await decide(world)(session)

    async with world.database.write() as session:
        await lock_classes(session, [class_id])
        coming = asyncio.create_task(deciding())
        await until_somebody_waits(world.database)
        await approve_class(session, class_id, caller=CENTRE, now=NOW, if_match=None)
    await coming
    assert await status_of(world, class_id) == "returned"


@pytest.mark.clause("C39", "Q14")
async def test_a_class_whose_filing_is_under_way_is_returned_after_it(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    class_id = await drafted(world, cycle_id=NEXT)
    filer = Caller(principal="filer", kind="institution", organisation_id=world.ids["甲大学"])

    async def filing(session: AsyncSession) -> None:
        await file_class(session, class_id, caller=filer, now=NOW, if_match=None)

    await between(world, filing, hear(world, decided(world.ids["甲大学"])))
    assert await status_of(world, class_id) == "returned"


@pytest.mark.clause("C39", "Q14")
async def test_a_class_drafted_while_the_decision_is_under_way_is_not_filed(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")

    async def drafting_and_filing() -> httpx.Response:
        return await step(world, await drafted(world, cycle_id=NEXT), "filing", "甲大学")

    answer = await between(world, decide(world), drafting_and_filing())
    assert problem(answer, 409) == "institution-suspended"


@pytest.mark.clause("C39", "Q14")
async def test_a_class_is_not_approved_while_the_decision_is_under_way(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    class_id = await filed(world)
    answer = await between(world, decide(world), step(world, class_id, "approval", "人才交流中心"))
    assert problem(answer, 409) == "class-state-forbids"
    assert await status_of(world, class_id) == "returned"
