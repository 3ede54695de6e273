"""Persons who turn out to be one: naming them, merging them, and a picture of all that they have."""

from collections import Counter
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.models import Activity, Participant
from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.learning.models import Attendance, Session
from services.enrollment.nominations.models import Nomination
from services.enrollment.online.models import OnlineRecord
from services.enrollment.persons.models import Person
from services.enrollment.tables import Row
from shared.events.enrollment import EnrolmentState, NominationState
from tests.support.nominees import Plan, nominee

LEARNT = (Session, Attendance, OnlineRecord, CourseScore, FinalReport, Activity, Participant)
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


async def check_told(plan: Plan) -> None:
    """Check that every aggregate was told each version once."""
    async with plan.client(plan.bureau) as http:
        nominations = [
            one
            for class_id in plan.world.classes
            for one in (await http.get("/v1/nominations", params={"class_id": class_id})).json()["items"]
        ]
        enrolments = [
            one
            for class_id in plan.world.classes
            for one in (await http.get("/v1/enrolments", params={"class_id": class_id})).json()["items"]
        ]
    for kind, rows in ((NominationState, nominations), (EnrolmentState, enrolments)):
        told = await plan.world.told(kind.state_type())
        assert Counter((one.subject, one.version) for one in told) == Counter(
            (f"{kind.RESOURCE}/{row['id']}", version + 1) for row in rows for version in range(row["version"])
        )
        last = {one.subject: one.data["person_id"] for one in told}
        assert last == {f"{kind.RESOURCE}/{row['id']}": row["person"]["id"] for row in rows}


async def propose(plan: Plan, class_id: str, enrolments: list[str]) -> str:
    """Teach a class these trainees, and propose who completed it; tell the proposal."""
    session = {
        "class_id": class_id,
        "title": "战略",
        "mode": "classroom",
        "method": "lecture",
        "starts_at": "2023-03-02T01:00:00Z",
        "minutes": 100,
    }
    async with plan.world.as_(plan.institution) as http:
        made = (await http.post("/v1/sessions", json={"items": [session]})).json()["results"][0]["value"]
        items = [{"enrolment_id": one, "minutes": 100} for one in enrolments]
        await http.post(f"/v1/sessions/{made['id']}/attendance", json={"items": items})
        await plan.world.turn(class_id, status="finished")
        return (await http.post("/v1/completions", json={"class_id": class_id})).json()["id"]


async def confirm(plan: Plan, completion_id: str) -> None:
    async with plan.world.as_(plan.centre) as http:
        answer = await http.post(f"/v1/completions/{completion_id}/confirmation")
    assert answer.status_code == 200, answer.text


async def picture(plan: Plan) -> dict[str, Any]:
    """Read whose everything is, and what was learnt, without versions, which only ever rise."""
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
            "learnt": {one.__tablename__: await _rows(session, one) for one in LEARNT},
        }


async def _rows(session: AsyncSession, table: type[Row]) -> list[dict[str, Any]]:
    """Read a table in the order of its key, without versions."""
    kept = [column for column in table.__table__.c if column.name != "version"]
    found = await session.execute(select(*kept).order_by(*table.__table__.primary_key))
    return [dict(row) for row in found.mappings()]
