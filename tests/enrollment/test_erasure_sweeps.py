"""Whose retention date has passed is erased without being asked for, in batches; phones go before."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.erasures import due
from services.enrollment.erasures.clock import TOPIC, EraseByTheClock
from services.enrollment.persons.models import Person
from shared.events.registry import CycleState
from tests.support.counting import counted
from tests.support.enrollment_world import load
from tests.support.erasing import CLOSED_AT, close_cycle, retention, swept
from tests.support.merging import SECOND, merged, put_forward
from tests.support.nominees import Plan, nominee

SECOND_BEFORE = timedelta(seconds=-1)


def after(years: int) -> datetime:
    return CLOSED_AT.replace(year=CLOSED_AT.year + years)


async def people(plan: Plan) -> dict[str, str]:
    """End a cycle with somebody who was nominated in vain, one who left and one who completed; by rule."""
    await plan.trainees(plan.class_id, [1, 2])
    graduate, leaver = await plan.enrolments(plan.class_id)
    await plan.withdraw(leaver["id"])
    nominated = await put_forward(plan, plan.class_id, 3)
    async with plan.world.database.write() as session:
        completed = update(Enrolment).where(Enrolment.id == graduate["id"])
        await session.execute(completed.values(status="completed"))
    await close_cycle(plan)
    return {
        "nominated": nominated,
        "trained": leaver["person"]["id"],
        "completed": graduate["person"]["id"],
    }


async def erased(plan: Plan, now: datetime) -> list[str]:
    return [one["person_id"] for one in (await swept(plan, now))["erased"]]


async def phones(plan: Plan) -> set[str]:
    async with plan.world.database.read() as session:
        return set(await session.scalars(select(Person.id).where(Person.phone_sealed.is_not(None))))


async def test_each_is_erased_when_the_years_of_the_rule_are_over_and_not_a_second_before(plan: Plan):
    found = await people(plan)
    for rule, years in (("nominated", 2), ("trained", 5), ("completed", 10)):
        assert (await retention(plan, found[rule]))["until"] == f"{after(years):%Y-%m-%dT%H:%M:%SZ}"
        assert await erased(plan, after(years) + SECOND_BEFORE) == []
        assert await erased(plan, after(years)) == [found[rule]]
    told = await plan.world.told("enrollment.person_erased.v1")
    assert [(one.data["person_id"], one.data["cause"]) for one in told] == [
        (found[rule], "retention") for rule in ("nominated", "trained", "completed")
    ]


async def test_nobody_is_erased_while_a_cycle_or_a_class_goes_on(plan: Plan):
    await plan.trainees(plan.class_id, [1])
    await put_forward(plan, plan.class_id, 2)
    assert await erased(plan, after(90)) == []
    await close_cycle(plan)
    [trainee] = await plan.enrolments(plan.class_id)
    assert trainee["person"]["id"] not in await erased(plan, after(90))
    assert await erased(plan, after(90)) == []


async def test_a_further_cycle_that_goes_on_keeps_the_person(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    later = load("2019-2020")
    await plan.world.cycle(later)
    other = await plan.world.course(later.cycle_id, plan.institution, plan.zhejiang, kind="region")
    assert await put_forward(plan, other, 1) == person_id
    await close_cycle(plan)
    assert await erased(plan, after(20)) == []
    await close_cycle(plan, after(20), "2019-2020")
    assert await erased(plan, after(22) + SECOND_BEFORE) == []
    assert await erased(plan, after(22)) == [person_id]


async def test_who_was_merged_is_judged_by_all_that_stands_for_the_person(plan: Plan):
    await plan.trainees(plan.class_id, [1])
    [trainee] = await plan.enrolments(plan.class_id)
    retired = trainee["person"]["id"]
    other = await plan.another_class()
    survivor = await put_forward(plan, other, 2, by=plan.rival, **SECOND)
    await plan.withdraw(trainee["id"])
    await merged(plan, survivor, retired)
    await close_cycle(plan)
    assert (await retention(plan, retired))["rule"] == "trained"
    assert await erased(plan, after(2)) == []
    [told] = (await swept(plan, after(5)))["erased"]
    assert (told["person_id"], told["person_ids"]) == (survivor, sorted([survivor, retired]))
    for one in (survivor, retired):
        assert (await plan.get(plan.bureau, f"/v1/persons/{one}")).json()["name"] == "已删除"


async def test_a_sweep_takes_a_bounded_number_and_the_next_one_goes_on(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in range(1, 6)))
    await close_cycle(plan)
    monkeypatch.setattr(due, "BATCH", 2)
    assert [len(await erased(plan, after(2))) for _ in range(4)] == [2, 2, 1, 0]


async def test_two_sweeps_at_once_erase_everybody_once(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in range(1, 6)))
    await close_cycle(plan)
    done = await asyncio.gather(*(erased(plan, after(2)) for _ in range(2)))
    assert len({one for some in done for one in some}) == sum(map(len, done)) == 5


async def consent(plan: Plan, person_id: str) -> str:
    text = {"purpose": "contact_after_graduation", "zh": "演练", "en": "rehearsal"}
    version = (await plan.post(plan.bureau, "/v1/consent-texts", text)).json()["version"]
    named = {"person_id": person_id, "purpose": text["purpose"], "version": version}
    given = {"items": [{**named, "channel": "paper", "given_at": "2022-12-01T02:00:00Z"}]}
    [made] = (await plan.post(plan.zhejiang, "/v1/consents", given)).json()["results"]
    return str(made["value"]["id"])


async def test_a_phone_is_kept_after_the_cycle_only_as_long_as_the_consent_stands(plan: Plan):
    found = await people(plan)
    agreed = await consent(plan, found["completed"])
    ends = CLOSED_AT + timedelta(days=90)
    assert (await swept(plan, ends + SECOND_BEFORE))["phones"] == 0
    assert (await swept(plan, ends))["phones"] == 2
    assert await phones(plan) == {found["completed"]}
    assert (await retention(plan, found["completed"]))["contact"] == {
        "phone_kept": True,
        "consent_stands": True,
        "until": None,
    }
    back = {"consent_id": agreed, "channel": "paper", "withdrawn_at": "2024-06-30T02:00:00Z"}
    async with plan.world.as_(plan.zhejiang, now=after(1)) as http:
        await http.post("/v1/consents/withdrawals", json={"items": [back]})
    assert (await swept(plan, after(1)))["phones"] == 1
    assert await phones(plan) == set()
    shown = (await plan.get(plan.bureau, f"/v1/persons/{found['completed']}")).json()
    assert (shown["name"], shown["phone"]) == ("演**", None)


async def test_who_is_nominated_again_may_be_reached_again(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    await close_cycle(plan)
    assert (await swept(plan, after(1)))["phones"] == 1
    later = load("2019-2020")
    await plan.world.cycle(later)
    other = await plan.world.course(later.cycle_id, plan.institution, plan.zhejiang, kind="region")
    assert await put_forward(plan, other, 1) == person_id
    assert await phones(plan) == {person_id}


def worker_of(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> EraseByTheClock:
    """Make the job of a worker whose clock shows three years after the cycle."""
    monkeypatch.setenv("LINGJUN_MODE", "production")
    return EraseByTheClock(lambda: after(3))


async def test_the_worker_erases_by_the_clock_outside_a_rehearsal_and_then_rests(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in range(1, 4)))
    await close_cycle(plan)
    monkeypatch.setattr(due, "BATCH", 2)
    worker, db = worker_of(plan, monkeypatch), plan.world.database
    monkeypatch.setenv("LINGJUN_MODE", "rehearsal")
    assert await worker(db) == 0
    monkeypatch.setenv("LINGJUN_MODE", "production")
    assert [await worker(db) for _ in range(3)] == [2, 1, 0]
    with counted(db, CycleState) as cost:
        assert await worker(db) == 0
    assert cost.statements == 0


async def test_of_two_workers_one_erases(plan: Plan, monkeypatch: pytest.MonkeyPatch):
    await put_forward(plan, plan.class_id, 1)
    await close_cycle(plan)
    db = plan.world.database
    async with db.lease(TOPIC) as lease:
        if lease is not None:
            assert await lease.held()
            assert await worker_of(plan, monkeypatch)(db) == 0
    assert await worker_of(plan, monkeypatch)(db) == 1
