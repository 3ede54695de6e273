"""People whose time is over: closing their cycle, asking for an erasure, looking for what is left of them."""

from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import text, update

from services.enrollment.enrolments.models import Enrolment
from shared.events.registry import CycleState
from tests.support.enrollment_world import load
from tests.support.nominees import Plan

CLOSED_AT = datetime(2023, 12, 31, 2, tzinfo=UTC)
AFTER_DUTY = CLOSED_AT.replace(year=2027)
ASKED = {"asked_by": "person", "channel": "paper", "reason": "consent_withdrawn"}


async def close_cycle(plan: Plan, closed_at: datetime | None = CLOSED_AT, label: str = "2022-2023") -> None:
    """Bring the state of the cycle that the registry tells when it is closed."""
    pack = load(label)
    body = CycleState(
        id=pack.cycle_id,
        label=pack.label,
        revision=1,
        status="closed",
        sha256=pack.sha256,
        pack=pack.document(),
        closed_at=closed_at,
    )
    await plan.world.hear(body)


async def graduate(plan: Plan) -> tuple[str, str]:
    """Bring somebody to a completion, and end the cycle; tell enrolment and person."""
    [enrolment_id] = await plan.trainees(plan.class_id, [1])
    [row] = await plan.enrolments(plan.class_id)
    await plan.world.turn(plan.class_id, status="finished")
    async with plan.world.database.write() as session:
        await session.execute(update(Enrolment).values(status="completed", certificate_number="领军-1"))
    await close_cycle(plan)
    return enrolment_id, row["person"]["id"]


async def erase(
    plan: Plan, person_id: str, *, by: str | None = None, now: datetime = CLOSED_AT, **headers: str
) -> httpx.Response:
    """Hand in, as the home department unless told otherwise, that the person asked to be erased."""
    async with plan.world.as_(by or plan.zhejiang, now=now) as http:
        return await http.post(f"/v1/persons/{person_id}/erasure", json=ASKED, headers=headers)


async def retention(
    plan: Plan, person_id: str, *, by: str | None = None, now: datetime = CLOSED_AT
) -> dict[str, Any]:
    async with plan.world.as_(by or plan.bureau, now=now) as http:
        answer = await http.get(f"/v1/persons/{person_id}/retention")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def swept(plan: Plan, now: datetime) -> dict[str, Any]:
    async with plan.world.as_(plan.bureau, now=now) as http:
        answer = await http.post("/v1/person-erasures/sweeps")
    assert answer.status_code == 200, answer.text
    return answer.json()


def reasons_of(answer: httpx.Response) -> list[str]:
    """Name the reasons for which an erasure was refused."""
    assert answer.status_code == 409, answer.text
    assert all(one["zh"] and one["en"] and one["subject_ids"] for one in answer.json()["reasons"])
    return [one["code"] for one in answer.json()["reasons"]]


async def everything(plan: Plan, *but: str) -> str:
    """Read all tables of the service as one text, without those named."""
    found: list[str] = []
    async with plan.world.database.read() as session:
        for table in sorted(TABLES - set(but)):
            rows = (await session.execute(text(f"select * from {table}"))).all()  # noqa: S608 - our own names
            found += [f"{table} {row}" for row in rows]
    return "\n".join(found)


TABLES = frozenset(
    {
        "persons",
        "nominations",
        "enrolments",
        "roster_rows",
        "final_reports",
        "import_rows",
        "import_parts",
        "duplicates",
        "person_merges",
        "person_erasures",
        "personal_links",
        "outbox",
    }
)
