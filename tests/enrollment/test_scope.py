"""Who sees which trainee (Q11): every kind of caller against one class with people of two departments."""

from datetime import timedelta

import pytest

from services.enrollment.handlers import LISTENER
from shared.events.certification import CertificateIssued, IssuedRow
from shared.events.enrollment import EnrolmentState
from shared.events.envelope import aggregate, fact
from shared.events.registry import CoOrganiser
from shared.ids import new_id
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.client import client
from tests.support.nominees import IN_TIME, Plan, nominee

LISTS = ("/v1/nominations", "/v1/enrolments")
KINDS = (
    "operator",
    "evaluator",
    "promotion_centre",
    "training_body",
    "service_body",
    "ministry_affiliate",
    "industry_organisation",
    "leading_enterprise",
)


@pytest.fixture
async def mixed(plan: Plan) -> Plan:
    """Enrol one person of 浙江 and one of 宁波."""
    await plan.nominate(plan.institution, nominee(plan.class_id, 1), nominee(plan.class_id, 2, enterprise=2))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve"), (2, "approve")])
    assert (await plan.approve(roster_id)).status_code == 200
    return plan


async def seen(plan: Plan, organisation_id: str, path: str) -> set[str]:
    answer = await plan.get(organisation_id, path, class_id=plan.class_id)
    return {one["department_id"] for one in answer.json()["items"]}


@pytest.mark.clause("C35", "Q11")
async def test_a_department_sees_its_own_people_wherever_they_are_trained(mixed: Plan):
    for path in LISTS:
        assert await seen(mixed, mixed.zhejiang, path) == {mixed.zhejiang}
        assert await seen(mixed, mixed.ningbo, path) == {mixed.ningbo}
        for wide in (mixed.institution, mixed.centre, mixed.bureau):
            assert await seen(mixed, wide, path) == {mixed.zhejiang, mixed.ningbo}
        assert await seen(mixed, mixed.rival, path) == set()


async def test_who_has_no_part_in_the_class_sees_nobody(mixed: Plan):
    for kind in KINDS:
        async with client(mixed.world.app, kind, organisation_id=new_id()) as http:
            for path in LISTS:
                answer = await http.get(path, params={"class_id": mixed.class_id})
                assert answer.json() == {"items": [], "next": None}, kind


async def test_a_partner_sees_the_class_in_which_it_has_a_role(mixed: Plan):
    partner = await mixed.world.organisation("leading_enterprise", "龙头")
    await mixed.world.turn(
        mixed.class_id, co_organisers=(CoOrganiser(organisation_id=partner, kind="leading_enterprise"),)
    )
    assert await seen(mixed, partner, "/v1/enrolments") == {mixed.zhejiang, mixed.ningbo}


async def test_the_department_that_filed_the_class_sees_all_of_it_and_that_of_the_place_does_not(mixed: Plan):
    await mixed.world.turn(mixed.class_id, filed_by=mixed.ningbo)
    assert await seen(mixed, mixed.ningbo, "/v1/enrolments") == {mixed.zhejiang, mixed.ningbo}
    assert mixed.world.classes[mixed.class_id].place_department_id == mixed.zhejiang
    assert await seen(mixed, mixed.zhejiang, "/v1/enrolments") == {mixed.zhejiang}


async def test_a_list_over_the_cycle_keeps_the_same_limits(mixed: Plan):
    async def cycle(organisation_id: str) -> set[str]:
        answer = await mixed.get(organisation_id, "/v1/enrolments", cycle_id=mixed.cycle_id)
        return {one["department_id"] for one in answer.json()["items"]}

    assert await cycle(mixed.zhejiang) == {mixed.zhejiang}
    assert await cycle(mixed.institution) == {mixed.zhejiang, mixed.ningbo}
    assert await cycle(mixed.rival) == set()
    nothing = await mixed.get(mixed.bureau, "/v1/enrolments")
    assert nothing.status_code == 422


async def test_a_nomination_of_others_is_not_found(mixed: Plan):
    listed = (await mixed.get(mixed.bureau, "/v1/nominations", class_id=mixed.class_id)).json()["items"]
    mine = next(one for one in listed if one["department_id"] == mixed.zhejiang)
    path = f"/v1/nominations/{mine['id']}"
    for organisation_id, status in (
        (mixed.zhejiang, 200),
        (mixed.institution, 200),
        (mixed.ningbo, 404),
        (mixed.rival, 404),
    ):
        assert (await mixed.get(organisation_id, path)).status_code == status
    assert (await mixed.get(mixed.bureau, "/v1/nominations/nothing")).status_code == 404


async def test_an_issued_certificate_is_noted_on_its_enrolment_once(mixed: Plan):
    listed = (await mixed.get(mixed.bureau, "/v1/enrolments", class_id=mixed.class_id)).json()["items"]
    rows = [
        IssuedRow(certificate_id=new_id(), enrolment_id=one["id"], number=f"LJ-{one['position']:06}")
        for one in listed
    ]
    body = CertificateIssued(batch_id=new_id(), class_id=mixed.class_id, rows=rows)
    issued = fact(body, subject=aggregate("certification.batch", body.batch_id), at=IN_TIME)
    again = fact(body, subject=issued.subject, at=IN_TIME)
    others = [row.model_copy(update={"number": f"{row.number}X"}) for row in rows]
    other = fact(body.model_copy(update={"rows": others}), subject=issued.subject, at=IN_TIME)
    db = mixed.world.database
    for said in (issued, issued, again, other):
        await store(db, [encode(said)], IN_TIME)
        await run_due(db, LISTENER, IN_TIME + timedelta(seconds=1))
    noted = (await mixed.get(mixed.bureau, "/v1/enrolments", class_id=mixed.class_id)).json()["items"]
    assert [one["certificate_number"] for one in noted] == ["LJ-000001", "LJ-000002"]
    assert [one["version"] for one in noted] == [2, 2]
    assert len(await mixed.world.told(EnrolmentState.state_type())) == 4
