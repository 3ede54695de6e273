"""Who may see a state follows the class: its parties, and the departments of its trainees."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, text

from services.enrollment.handlers import LISTENER
from services.enrollment.learning.models import Session
from services.enrollment.republishing import RESTATED
from services.enrollment.restating import restate_classes
from shared.copies import bring, lock_copies, read_copies
from shared.database import Database
from shared.events.enrollment import (
    CompletionState,
    EnrolmentState,
    EnterpriseState,
    NominationState,
    RosterState,
    SessionState,
)
from shared.events.envelope import Event, state
from shared.events.registry import OrganisationState
from shared.ids import new_id
from shared.listener import Brought
from shared.runner import run_due
from tests.support.databases import until_somebody_waits
from tests.support.enrollment_world import FIRST_DAY, NOW
from tests.support.events import deliver
from tests.support.nominees import Plan, nominee, uscc
from tests.support.restated import told_again, told_last

pytestmark = pytest.mark.clause("Q11")

on_postgres = pytest.mark.parametrize(
    "dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def joined(plan: Plan, **changes: Any) -> Event:
    """Make the next state of the class, in which the rival teaches as well unless told otherwise."""
    world = plan.world
    now = {"institution_ids": [plan.institution, plan.rival], **changes}
    world.classes[plan.class_id] = world.classes[plan.class_id].model_copy(update=now)
    world.versions[plan.class_id] += 1
    return state(world.classes[plan.class_id], version=world.versions[plan.class_id], at=NOW)


async def hear(plan: Plan, *events: Event) -> None:
    """Receive states and handle them as the worker does."""
    await deliver(plan.world.database, events, NOW)
    while await run_due(plan.world.database, LISTENER, datetime.now(UTC)):
        pass


def session_of(plan: Plan, title: str = "第一讲") -> dict[str, Any]:
    day = FIRST_DAY.isoformat()
    return {
        "class_id": plan.class_id,
        "title": title,
        "mode": "classroom",
        "method": "lecture",
        "starts_at": f"{day}T01:00:00Z",
        "minutes": 60,
    }


async def plan_session(plan: Plan) -> None:
    answer = await plan.post(plan.institution, "/v1/sessions", {"items": [session_of(plan)]})
    assert answer.json()["results"][0]["status"] == 201, answer.text


async def taught(plan: Plan) -> None:
    """Bring a class to its proposed completion: one of everything is stated, by the first institution."""
    roster_id = await plan.reviewed(plan.class_id, [1])
    assert (await plan.approve(roster_id)).status_code == 200
    await plan_session(plan)
    session_id = (await last(plan, SessionState.state_type())).data["id"]
    trainee = (await last(plan, EnrolmentState.state_type())).data["id"]
    attendance = {"items": [{"enrolment_id": trainee, "minutes": 60}]}
    async with plan.world.as_(plan.institution) as http:
        answer = await http.post(f"/v1/sessions/{session_id}/attendance", json=attendance)
        assert answer.json()["results"][0]["status"] == 201, answer.text
        await hear(plan, joined(plan, institution_ids=[plan.institution], status="finished"))
        answer = await http.post("/v1/completions", json={"class_id": plan.class_id})
        assert answer.status_code == 201, answer.text


async def plan_activity(plan: Plan) -> None:
    day = FIRST_DAY.isoformat()
    activity = {
        "cycle_id": plan.cycle_id,
        "kind": "online",
        "title": "演练活动",
        "host": "演练企业",
        "place": "演练会议室",
        "place_department_id": plan.ningbo,
        "starts_on": day,
        "ends_on": day,
        "capacity": 1,
    }
    answer = await plan.post(plan.institution, "/v1/activities", {"items": [activity]})
    assert answer.json()["results"][0]["status"] == 201, answer.text


async def last(plan: Plan, event_type: str) -> Event:
    return (await plan.world.told(event_type))[-1]


ALL = (NominationState, RosterState, EnrolmentState, SessionState, CompletionState)


async def test_a_new_party_is_named_by_all_that_belongs_to_the_class(plan: Plan):
    await taught(plan)
    before = {body: await last(plan, body.state_type()) for body in ALL}
    assert not [body for body, told in before.items() if f"org:{plan.rival}" in told.audience]
    await hear(plan, joined(plan))
    for body in ALL:
        told = await last(plan, body.state_type())
        assert told.version == before[body].version + 1, body
        assert set(told.audience) == {*before[body].audience, f"org:{plan.rival}"}
        assert (told.data, told.cycle, told.revision) == (
            before[body].data,
            before[body].cycle,
            before[body].revision,
        )


async def test_a_party_that_left_is_named_no_more_and_a_returned_roster_is_told_again(plan: Plan):
    await hear(plan, joined(plan))
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    returned = await plan.post(plan.centre, f"/v1/rosters/{roster_id}/return", {"reason": "演练"})
    assert returned.status_code == 200, returned.text
    await hear(plan, joined(plan, institution_ids=[plan.institution]))
    told = await last(plan, RosterState.state_type())
    assert told.data["status"] == "returned"
    assert f"org:{plan.rival}" not in told.audience
    # the version that is told is the version that is shown
    shown = await plan.get(plan.institution, f"/v1/rosters/{roster_id}")
    assert shown.json()["version"] == told.version


async def test_a_class_that_changes_otherwise_is_no_reason_to_state_anything(plan: Plan):
    await taught(plan)
    before = {body: await last(plan, body.state_type()) for body in ALL}
    await hear(plan, joined(plan, institution_ids=[plan.institution], capacity=7))
    assert {body: await last(plan, body.state_type()) for body in ALL} == before


async def test_sessions_are_told_again_when_a_department_gets_its_first_trainee(plan: Plan):
    await plan_session(plan)
    of_session = SessionState.state_type()
    assert f"org:{plan.zhejiang}" not in (await last(plan, of_session)).audience
    for number, versions in ((1, 2), (2, 2)):  # the second trainee is of the same department
        roster_id = await plan.reviewed(plan.class_id, [number])
        assert (await plan.approve(roster_id)).status_code == 200
        assert [one.version for one in await plan.world.told(of_session)] == list(range(1, versions + 1))
    assert f"org:{plan.zhejiang}" in (await last(plan, of_session)).audience


async def test_what_is_told_again_is_what_was_told_last(plan: Plan):
    await taught(plan)
    await plan_activity(plan)
    last_told = await told_last(plan.world.database)
    assert {subject.partition("/")[0] for subject in last_told} == set(RESTATED)
    assert await told_again(plan.world.database, RESTATED) == last_told


async def test_an_enterprise_waits_until_it_is_known_whether_its_proposer_may_see_it(plan: Plan):
    world = plan.world
    stranger = OrganisationState(id=new_id(), kind="training_body", name_zh="演练机构", name_en="Body")
    world.kinds[stranger.id] = stranger.kind
    item = {"uscc": uscc(3), "name": "演练企业", "department_id": plan.zhejiang, "industry_code": "3824"}
    proposed = await plan.post(stranger.id, "/v1/enterprises", {"items": [item]})
    assert proposed.json()["results"][0]["status"] == 201, proposed.text
    refused = await plan.post(plan.zhejiang, "/v1/enterprises", {"items": [item]})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:lingjun:problem:proposer-unknown")
    assert refused.headers["retry-after"]
    await world.hear(stranger)
    confirmed = await plan.post(plan.zhejiang, "/v1/enterprises", {"items": [item]})
    assert confirmed.json()["results"][0]["status"] == 200, confirmed.text
    told = await last(plan, EnterpriseState.state_type())
    assert (told.version, told.data["status"]) == (2, "confirmed")
    assert f"org:{stranger.id}" in told.audience


async def test_a_neighbouring_department_does_not_see_what_it_proposed(plan: Plan):
    item = {"uscc": uscc(4), "name": "演练企业", "department_id": plan.zhejiang, "industry_code": "3824"}
    await plan.post(plan.ningbo, "/v1/enterprises", {"items": [item]})
    told = await last(plan, EnterpriseState.state_type())
    assert told.data["uscc"] == uscc(4)
    assert f"org:{plan.ningbo}" not in told.audience


@on_postgres
async def test_a_nomination_that_is_under_way_is_told_to_a_party_that_joins_meanwhile(plan: Plan):
    """The command came first: whoever brings the class waits for it, and then states the nomination again."""
    db = plan.world.database
    async with db.write() as blocking:
        await Database.exclusive(blocking, f"nominations of {plan.class_id}")
        asked = asyncio.create_task(plan.nominate(plan.institution, nominee(plan.class_id, 1)))
        await until_somebody_waits(db)
        brought = await _until_it_waits_too(db, hear(plan, joined(plan)))
    await asked
    await brought
    assert f"org:{plan.rival}" in (await last(plan, NominationState.state_type())).audience


@on_postgres
async def test_a_nomination_waits_for_the_class_that_is_being_brought(plan: Plan):
    db, event = plan.world.database, joined(plan)
    async with db.write() as bringing:
        await lock_copies(bringing, [event.subject])
        before = await read_copies(bringing, [event.subject])
        await bring(bringing, [event])
        await restate_classes(bringing, [Brought(before[event.subject], event)])
        asked = asyncio.create_task(plan.nominate(plan.institution, nominee(plan.class_id, 1)))
        await until_somebody_waits(db)
    await asked
    (told,) = await plan.world.told(NominationState.state_type())
    assert f"org:{plan.rival}" in told.audience


@on_postgres
async def test_a_session_that_is_planned_during_an_approval_knows_the_new_department(plan: Plan):
    """The plan has looked who is enrolled and is not committed; the approval must not pass by it."""
    db = plan.world.database
    roster_id = await plan.reviewed(plan.class_id, [1])
    twin = {**session_of(plan), "starts_at": datetime(2023, 3, 1, 1, tzinfo=UTC)}
    facts = {"id": "twin", "cycle_id": plan.cycle_id, "revision": 1, "attended": 0, "version": 1}

    async with db.write() as blocking:
        twins = await blocking.begin_nested()
        await blocking.execute(insert(Session).values(**twin, **facts, created_at=NOW))
        asked = asyncio.create_task(plan_session(plan))
        await until_somebody_waits(db)
        approval = await _until_it_waits_too(db, plan.approve(roster_id))
        await twins.rollback()
    await asked
    assert (await approval).status_code == 200
    assert f"org:{plan.zhejiang}" in (await last(plan, SessionState.state_type())).audience


async def _until_it_waits_too(db: Database, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Begin the work beside one that waits; return when both wait, or when the work passed by and is done."""
    begun = asyncio.create_task(work)
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    waiting = text(f"{sessions} AND wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while not begun.done():
            async with db.read() as session:
                if (await session.scalar(waiting) or 0) > 1:
                    break
    return begun
