"""Registrations and withdrawals at once: no place goes twice, none stays free while people wait."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from services.enrollment.activities.models import Activity
from services.enrollment.departures.withdrawal import withdraw_trainee
from services.enrollment.duplicates.merging import merge_persons
from services.enrollment.duplicates.schemas import MergePersons
from services.enrollment.enrolments.models import Enrolment
from shared.caller import Caller
from tests.support.activities import Ledger
from tests.support.databases import until_somebody_waits
from tests.support.enrollment_world import NOW, World


@pytest.fixture
async def ledger(world: World) -> Ledger:
    return await Ledger(world).settle()


async def test_forty_registrations_at_once_fill_the_places_and_number_the_rest(ledger: Ledger):
    activity_id = await ledger.opened(capacity=7)
    trainees = await ledger.trainees(*[ledger.zhejiang] * 40)
    await asyncio.gather(*(ledger.register(activity_id, one) for one in trainees))
    rows = await ledger.participants(activity_id)
    assert [one["number"] for one in rows] == list(range(1, 41))
    assert [one["status"] for one in rows] == ["registered"] * 7 + ["waiting"] * 33


async def test_one_person_registered_many_times_at_once_stands_once(ledger: Ledger):
    activity_id = await ledger.opened()
    [trainee] = await ledger.trainees(ledger.zhejiang)
    results = await asyncio.gather(*(ledger.register(activity_id, trainee) for _ in range(12)))
    assert Counter(one["status"] for [one] in results) == {201: 1, 409: 11}


async def test_withdrawals_and_registrations_at_once_leave_no_place_free_while_people_wait(ledger: Ledger):
    activity_id = await ledger.opened(capacity=5)
    trainees = await ledger.trainees(*[ledger.zhejiang] * 20)
    first = [one["value"]["id"] for one in await ledger.register(activity_id, *trainees[:12])]
    await asyncio.gather(
        *(ledger.leave(activity_id, one) for one in first[:9]),
        *(ledger.register(activity_id, one) for one in trainees[12:]),
    )
    rows = await ledger.participants(activity_id)
    standing = [one for one in rows if one["status"] != "withdrawn"]
    assert [one["status"] for one in standing] == ["registered"] * 5 + ["waiting"] * 6
    shown = await ledger.read(activity_id)
    assert (shown["registered"], shown["waiting"]) == (5, 6)


async def test_the_database_itself_gives_no_place_beyond_the_capacity(ledger: Ledger):
    activity_id = await ledger.opened(capacity=1)
    with pytest.raises(IntegrityError):
        async with ledger.world.database.write() as session:
            await session.execute(update(Activity).where(Activity.id == activity_id).values(registered=2))


@pytest.mark.parametrize("ends", ["merged", "withdrawn"])
async def test_a_registration_waits_for_who_leaves_or_is_merged_and_gives_nobody_a_place_twice(
    world: World, ends: str
):
    ledger = await Ledger(world).settle()
    activity_id = await ledger.opened(capacity=2)
    kept, other = await ledger.trainees(ledger.zhejiang, ledger.zhejiang)
    await ledger.register(activity_id, kept)
    async with world.database.read() as session:
        survivor, retired = [(await session.get_one(Enrolment, one)).person_id for one in (kept, other)]
    bureau = Caller(principal="bureau", organisation_id=ledger.bureau, kind="bureau")
    lead = Caller(principal="lead", organisation_id=ledger.lead, kind="institution")
    asked = MergePersons(survivor_id=survivor, retired_id=retired, reason="同一人")
    async with world.database.write() as session:
        if ends == "merged":
            await merge_persons(session, bureau, asked, NOW)
        else:
            await withdraw_trainee(session, lead, other, "调离原单位", NOW, None)
        body = {"items": [{"enrolment_id": other}]}
        path = f"/v1/activities/{activity_id}/participants"
        registering = asyncio.create_task(ledger.post(ledger.lead, path, body))
        await until_somebody_waits(world.database)
        assert not registering.done()
    waited = await registering
    if ends == "merged" and world.database.dialect == "postgresql":
        # The enrolment is another person's by now: whoever asked is asked to try again.
        assert waited.json()["type"].endswith("concurrent-change")
        waited = await ledger.post(ledger.lead, path, body)
    [refused] = waited.json()["results"]
    assert refused["problem"]["type"].endswith("enrolment-withdrawn")
    shown = await ledger.read(activity_id)
    assert (shown["registered"], shown["waiting"]) == (1, 0)
