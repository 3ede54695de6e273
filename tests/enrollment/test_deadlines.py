"""Rosters are judged by the ledger of deadlines as it was heard of, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from services.enrollment.settings import Settings
from shared.copies import copies
from shared.events.registry import DeadlineState, PutOff
from tests.support.enrollment_world import load
from tests.support.nominees import Plan, kind_of, nominee

CLOSES = datetime(2022, 12, 31, 16, tzinfo=UTC)
LATER = CLOSES + timedelta(days=10)
INSTANT = timedelta(microseconds=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


async def drafted(plan: Plan, class_id: str, by: str) -> str:
    await plan.nominate(by, nominee(class_id, 1))
    return str((await plan.draft(class_id, by))["id"])


async def submit(plan: Plan, roster_id: str, by: str, now: datetime) -> httpx.Response:
    async with plan.world.as_(by, now=now) as http:
        return await http.post(f"/v1/rosters/{roster_id}/submission")


async def put_off(plan: Plan, *organisation_ids: str, to: datetime = LATER) -> None:
    given = PutOff(closes_at=to, organisation_ids=organisation_ids)
    await plan.world.hear(plan.world.deadline(load("2022-2023"), "selection", given))


@pytest.mark.clause("C36", "Q1")
async def test_a_late_roster_is_taken_under_an_extension_to_its_last_instant(plan: Plan):
    roster_id = await drafted(plan, plan.class_id, plan.institution)
    late = await submit(plan, roster_id, plan.institution, CLOSES)
    assert (late.status_code, kind_of(late)) == (409, "selection-deadline-passed")
    assert late.json()["deadline"] == CLOSES.astimezone(SHANGHAI).isoformat()
    await put_off(plan, plan.institution)
    still_late = await submit(plan, roster_id, plan.institution, LATER)
    assert kind_of(still_late) == "selection-deadline-passed"
    assert still_late.json()["deadline"] == LATER.astimezone(SHANGHAI).isoformat()
    assert (await submit(plan, roster_id, plan.institution, LATER - INSTANT)).status_code == 200


@pytest.mark.clause("C36")
async def test_an_extension_for_one_organisation_holds_for_no_other_and_one_for_all_for_everybody(plan: Plan):
    theirs = await plan.another_class()
    roster_id = await drafted(plan, theirs, plan.rival)
    await put_off(plan, plan.institution)
    late = await submit(plan, roster_id, plan.rival, CLOSES)
    assert kind_of(late) == "selection-deadline-passed"
    await put_off(plan)
    assert (await submit(plan, roster_id, plan.rival, LATER - INSTANT)).status_code == 200


@pytest.mark.clause("C36")
async def test_an_extension_for_the_department_that_filed_holds_for_the_class_whoever_submits(plan: Plan):
    filed = await plan.another_class(filed_by=plan.ningbo)
    roster_id = await drafted(plan, filed, plan.rival)
    await put_off(plan, plan.ningbo)
    assert (await submit(plan, roster_id, plan.rival, LATER - INSTANT)).status_code == 200


@pytest.mark.clause("C36")
async def test_the_ledger_judges_and_not_the_pack(plan: Plan):
    roster_id = await drafted(plan, plan.class_id, plan.institution)
    await plan.world.hear(plan.world.deadline(load("2022-2023"), "selection", withdrawn=True))
    assert (await submit(plan, roster_id, plan.institution, LATER)).status_code == 200


@pytest.mark.clause("Q15")
async def test_the_start_of_a_boot_camp_is_not_put_off_by_the_ledger(plan: Plan):
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    roster_id = await drafted(plan, camp, plan.institution)
    starts = datetime(2023, 2, 28, 16, tzinfo=UTC)
    await put_off(plan, to=starts + timedelta(days=30))
    late = await submit(plan, roster_id, plan.institution, starts)
    assert kind_of(late) == "selection-deadline-passed"
    assert late.headers["retry-after"]  # it rests on the class, which may start later
    assert (await submit(plan, roster_id, plan.institution, starts - INSTANT)).status_code == 200


@pytest.mark.clause("C36")
async def test_until_the_ledger_is_heard_of_the_pack_stands_in_for_it(plan: Plan):
    roster_id = await drafted(plan, plan.class_id, plan.institution)
    async with plan.world.database.write() as session:
        await session.execute(copies.delete().where(copies.c.resource == DeadlineState.RESOURCE))
    late = await submit(plan, roster_id, plan.institution, CLOSES)
    assert kind_of(late) == "selection-deadline-passed"
    assert (await submit(plan, roster_id, plan.institution, CLOSES - INSTANT)).status_code == 200


@pytest.mark.clause("C36")
async def test_a_late_roster_waits_for_the_extension_that_is_on_its_way(plan: Plan):
    roster_id = await drafted(plan, plan.class_id, plan.institution)
    world = plan.world
    world.app.state.settings = Settings.model_validate(
        {"database_url": world.database.url, "mode": "rehearsal", "copy_wait": 10.0}
    )
    await world.database.start()
    submitting = asyncio.create_task(submit(plan, roster_id, plan.institution, CLOSES))
    while not world.app.state.copy_watch.waiters:  # noqa: ASYNC110 - nobody tells that a request waits
        await asyncio.sleep(0)
    await put_off(plan, plan.institution)
    assert (await submitting).status_code == 200
