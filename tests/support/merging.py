"""Persons who turn out to be one: naming them, merging them, and a picture of all that they have."""

from typing import Any

import httpx
from sqlalchemy import select

from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from tests.support.nominees import Plan, nominee

SECOND = {"second_enrolment_reason": "两个主题均为企业所需"}


async def put_forward(
    plan: Plan, class_id: str, number: int, *, by: str | None = None, **differs: Any
) -> str:
    """Nominate the person of this number for a class; tell the person's id."""
    [made] = await plan.nominate(by or plan.institution, nominee(class_id, number, **differs))
    assert made["status"] in {200, 201}, made
    return str(made["value"]["person"]["id"])


async def merge(plan: Plan, survivor_id: str, retired_id: str, *, by: str | None = None) -> httpx.Response:
    body = {"survivor_id": survivor_id, "retired_id": retired_id, "reason": "同一人持两种证件"}
    return await plan.post(by or plan.bureau, "/v1/person-merges", body)


async def merged(plan: Plan, survivor_id: str, retired_id: str) -> str:
    """Merge two persons; tell the id of the merge."""
    answer = await merge(plan, survivor_id, retired_id)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def undo(plan: Plan, merge_id: str, *, by: str | None = None) -> httpx.Response:
    return await plan.post(
        by or plan.bureau, f"/v1/person-merges/{merge_id}/undoing", {"reason": "并非同一人"}
    )


async def picture(plan: Plan) -> dict[str, Any]:
    """Read whose everything is, without versions, which only ever rise."""
    async with plan.world.database.read() as session:
        persons = await session.execute(select(Person.id, Person.merged_into))
        nominations = await session.scalars(select(Nomination).order_by(Nomination.id))
        enrolments = await session.scalars(select(Enrolment).order_by(Enrolment.id))
        heads = await session.execute(select(Head.cycle_id, Head.person_id, Head.enrolment_id))
        return {
            "persons": dict(persons.all()),
            "nominations": [(one.id, one.person_id, one.status, one.credits) for one in nominations],
            "enrolments": [(one.id, one.person_id, one.status, one.head) for one in enrolments],
            "heads": sorted(tuple(row) for row in heads),
        }
