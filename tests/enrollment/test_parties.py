"""Who has a role in which class is kept in a table: no list reads all classes of a cycle (Q11)."""

import pytest
from sqlalchemy import insert, select

from services.enrollment.app import MIGRATIONS
from services.enrollment.handlers import LISTENER
from services.enrollment.parties import ClassParty
from shared.copies import copies
from shared.database import Database
from shared.events.envelope import Event, state
from shared.events.registry import ClassState, CoOrganiser
from shared.ids import new_id
from shared.inbox import store
from shared.migrate import migrate
from shared.outbox import encode
from shared.runner import run_due
from tests.support.counting import Cost, counted
from tests.support.databases import NewUrl
from tests.support.enrollment_world import NOW
from tests.support.nominees import Plan


async def parties(db: Database, class_id: str) -> set[str]:
    async with db.read() as session:
        kept = select(ClassParty.organisation_id).where(ClassParty.class_id == class_id)
        return set(await session.scalars(kept))


def stated(plan: Plan, version: int, **changes: object) -> Event:
    body = plan.world.classes[plan.class_id].model_copy(update=changes)
    return state(body, version=version, at=NOW)


@pytest.mark.clause("Q11")
async def test_the_parties_follow_the_newest_state_of_the_class(plan: Plan):
    db, partner = plan.world.database, new_id()
    joined = (CoOrganiser(organisation_id=partner, kind="leading_enterprise"),)
    for version, changes, kept in (
        (2, {"filed_by": plan.ningbo, "co_organisers": joined}, {plan.institution, plan.ningbo, partner}),
        (4, {"lead_id": plan.rival, "institution_ids": [plan.rival, partner]}, {plan.rival, partner}),
        (3, {"filed_by": plan.ningbo}, {plan.rival, partner}),
        (5, {"status": "finished"}, {plan.institution}),
    ):
        await store(db, [encode(stated(plan, version, **changes))], NOW)
        await run_due(db, LISTENER, NOW)
        assert await parties(db, plan.class_id) == kept, version


async def test_states_that_come_in_one_batch_are_kept_together(plan: Plan):
    ids = [new_id() for _ in range(50)]
    body = plan.world.classes[plan.class_id]
    events = [
        state(body.model_copy(update={"id": one, "lead_id": lead}), version=version, at=NOW)
        for one in ids
        for version, lead in ((1, plan.rival), (2, plan.zhejiang))
    ]
    db = plan.world.database
    await store(db, [encode(one) for one in events], NOW)
    while await run_due(db, LISTENER, NOW):
        pass
    for one in ids:
        assert await parties(db, one) == {plan.institution, plan.zhejiang}


async def test_what_a_list_costs_does_not_depend_on_the_number_of_classes(plan: Plan):
    await plan.trainees(plan.class_id, [1, 2])
    asked = [
        (organisation, path)
        for organisation in (plan.institution, plan.zhejiang, plan.rival, plan.bureau)
        for path in ("/v1/enrolments", "/v1/progress")
    ]

    async def costs() -> list[Cost]:
        found = []
        for organisation, path in asked:
            with counted(plan.world.database, ClassState) as cost:
                assert (await plan.get(organisation, path, cycle_id=plan.cycle_id)).status_code == 200
            found.append(cost)
        return found

    before = await costs()
    for number in range(40):
        await plan.another_class(lead_id=(plan.institution, plan.rival)[number % 2])
    assert await costs() == before
    assert all(cost.statements for cost in before)
    # Progress alone names classes: the one in which its people count.
    assert [cost.parsed for cost in before] == [0, 1, 0, 1, 0, 0, 0, 1]


async def test_the_revision_writes_the_parties_of_the_classes_that_are_known(plan: Plan, new_url: NewUrl):
    known = [
        stated(plan, 3, filed_by=plan.ningbo),
        state(plan.world.classes[plan.class_id].model_copy(update={"id": new_id()}), version=1, at=NOW),
    ]
    url = await new_url("before")
    await migrate(url, MIGRATIONS, "0003")
    db = Database(url, name="enrollment")
    try:
        async with db.write() as session:
            rows = [
                {
                    "aggregate": one.subject,
                    "resource": ClassState.RESOURCE,
                    "version": one.version,
                    "data": dict(one.data),
                }
                for one in known
            ]
            placeholder = {"aggregate": "registry.class/unheard", "resource": ClassState.RESOURCE}
            await session.execute(insert(copies), [*rows, {**placeholder, "version": 0, "data": None}])
        await migrate(url, MIGRATIONS)
        assert await parties(db, plan.class_id) == {plan.institution, plan.ningbo}
        assert await parties(db, known[1].data["id"]) == {plan.institution}
        async with db.read() as session:
            assert set(await session.scalars(select(ClassParty.cycle_id))) == {plan.cycle_id}
    finally:
        await db.close()
