"""A department says how many it means to send to classes of each kind (C28), and says it anew at will."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack
from services.registry.planning.domain import check_kinds_once
from services.registry.planning.models import DepartmentPlan
from services.registry.planning.schemas import PutDepartmentPlan
from services.registry.planning.states import plan_state
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.headers import NOT_THERE, check_version
from shared.outbox import record


async def put_department_plan(
    session: AsyncSession,
    cycle_id: str,
    asked: PutDepartmentPlan,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> DepartmentPlan:
    """Replace the caller's plan for a cycle; what is said again changes nothing."""
    judged = await get_pack(session, cycle_id)
    check_kinds_once(one.kind for one in asked.kinds)
    for one in asked.kinds:
        judged.pack.class_kind(one.kind)
    said = {"kinds": [one.model_dump() for one in asked.kinds], "note": asked.note}
    begun = DepartmentPlan(
        cycle_id=cycle_id,
        revision=judged.revision,
        department_id=str(caller.organisation_id),
        put_at=now,
        put_by=caller.principal,
        **said,
    )
    if await insert_new(session, begun):
        check_version(NOT_THERE, if_match)
        await record(session, plan_state(begun, now))
        return begun
    found = select(DepartmentPlan).where(
        DepartmentPlan.cycle_id == cycle_id, DepartmentPlan.department_id == caller.organisation_id
    )
    row = (await session.scalars(found.with_for_update())).one()
    check_version(row.version, if_match)
    if {"kinds": row.kinds, "note": row.note} == said:
        return row
    row.kinds, row.note = begun.kinds, begun.note
    row.revision, row.put_at, row.put_by = judged.revision, now, caller.principal
    row.version += 1
    await session.flush()
    await record(session, plan_state(row, now))
    return row
