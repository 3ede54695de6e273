"""An erasure and another command about a person at the same instant: one waits, and nothing is torn."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import update

from services.enrollment.duplicates.finding import find_when_due
from services.enrollment.erasures.commands import erase_on_request
from services.enrollment.erasures.schemas import ErasePerson
from services.enrollment.erasures.settings import RetentionSettings
from services.enrollment.nominations.commands import nominate
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.schemas import Nominate
from shared.caller import Caller
from tests.enrollment.test_merge_races import merging, under_way
from tests.support.enrollment_world import load
from tests.support.erasing import ASKED, CLOSED_AT, close_cycle, erase, reasons_of
from tests.support.merging import merge, picture, put_forward
from tests.support.nominees import IN_TIME, Plan, kind_of, nominee


async def settled(plan: Plan) -> tuple[str, str]:
    """Nominate somebody for a cycle that has ended, and open a class of a later one; tell both."""
    person_id = await put_forward(plan, plan.class_id, 1)
    later = load("2019-2020")
    await plan.world.cycle(later)
    other = await plan.world.course(later.cycle_id, plan.institution, plan.zhejiang, kind="region")
    await close_cycle(plan)
    return person_id, other


def erasing(plan: Plan, person_id: str) -> Callable[[Any], Coroutine[Any, Any, Any]]:
    home = Caller(principal="home", organisation_id=plan.zhejiang, kind="department")
    asked, terms = ErasePerson.model_validate(ASKED), RetentionSettings().terms
    return lambda session: erase_on_request(session, home, person_id, asked, terms, CLOSED_AT)


async def test_a_nomination_that_waited_for_an_erasure_registers_a_new_person(plan: Plan):
    person_id, other = await settled(plan)
    item = {"items": [nominee(other, 1)]}
    answer = await under_way(
        plan, erasing(plan, person_id), plan.post(plan.institution, "/v1/nominations", item)
    )
    if plan.world.database.dialect == "postgresql":
        assert kind_of(answer) == "concurrent-change"
    assert await put_forward(plan, other, 1) != person_id


async def test_an_erasure_waits_for_a_nomination_that_is_under_way_and_is_then_refused(plan: Plan):
    person_id, other = await settled(plan)
    lead = Caller(principal="lead", organisation_id=plan.institution, kind="institution")
    sealer = plan.world.app.state.sealer
    item = Nominate.model_validate(nominee(other, 1))
    answer = await under_way(
        plan,
        lambda session: nominate(session, lead, sealer, [item], IN_TIME),
        erase(plan, person_id),
    )
    if plan.world.database.dialect == "postgresql":
        assert kind_of(answer) == "concurrent-change"
        answer = await erase(plan, person_id)
    assert reasons_of(answer) == ["cycle_open"]


async def test_a_merge_that_waited_for_an_erasure_is_refused_as_gone(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    await close_cycle(plan)
    answer = await under_way(plan, erasing(plan, retired), merge(plan, survivor, retired))
    assert (answer.status_code, kind_of(answer)) == (410, "person-erased")
    assert (await picture(plan))["persons"] == {survivor: None, retired: None}


@pytest.mark.parametrize("asked_for", [0, 1], ids=["the survivor", "who was retired"])
async def test_an_erasure_that_waited_for_a_merge_is_asked_for_again_and_erases_both_ids(
    plan: Plan, asked_for: int
):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    await close_cycle(plan)
    person_id = (survivor, retired)[asked_for]
    answer = await under_way(plan, merging(plan, survivor, retired), erase(plan, person_id))
    if plan.world.database.dialect == "postgresql":
        assert kind_of(answer) == "concurrent-change"
        answer = await erase(plan, person_id)
    assert answer.status_code == 201, answer.text
    assert answer.json()["person_ids"] == sorted([survivor, retired])


async def test_of_many_erasures_of_one_person_one_is_done(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    await close_cycle(plan)
    answers = await asyncio.gather(*(erase(plan, person_id) for _ in range(6)))
    assert Counter(one.status_code for one in answers) == {201: 1, 410: 5}


async def test_a_look_for_duplicates_that_waited_for_an_erasure_finds_nobody_like_the_person(plan: Plan):
    erased, other = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    await close_cycle(plan)
    db = plan.world.database
    async with db.write() as session:  # the next look begins with the other one
        compared = update(Nomination).where(Nomination.person_id == erased)
        await session.execute(compared.values(compared=True))
    assert await under_way(plan, erasing(plan, erased), find_when_due(db)) == 1
    assert (await plan.get(plan.bureau, "/v1/duplicates")).json()["items"] == []
    assert (await picture(plan))["persons"].keys() == {erased, other}
