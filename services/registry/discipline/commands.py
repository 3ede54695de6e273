"""What can be asked of the record of financial discipline: to record an incident, and to withdraw one."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import ClassUnknown
from services.registry.classes.models import Class
from services.registry.cycles.queries import get_kept_pack, get_pack
from services.registry.discipline.domain import (
    WITHDRAWN,
    check_cycle,
    check_kept,
    check_occurred,
    check_standing,
)
from services.registry.discipline.models import DisciplineIncident
from services.registry.discipline.queries import find_seen
from services.registry.discipline.schemas import IncidentView, RecordIncident, WithdrawIncident
from services.registry.discipline.states import ACT, restate
from services.registry.organisations.queries import get_organisation
from shared.caller import Caller
from shared.events.envelope import aggregate, fact
from shared.events.means import DisciplineIncidentRecorded, DisciplineIncidentState
from shared.headers import check_version
from shared.outbox import record


async def record_incident(
    session: AsyncSession, asked: RecordIncident, *, caller: Caller, now: datetime
) -> IncidentView:
    """Record what was decided against a class, whose lead it concerns, or against an organisation."""
    judged = await get_pack(session, asked.cycle_id)
    caller.require(ACT, judged.pack)
    check_kept(judged.pack)
    check_occurred(asked.occurred_on, now, judged.pack.cycle.zone)
    row = DisciplineIncident(
        cycle_id=asked.cycle_id,
        revision=judged.revision,
        class_id=asked.class_id,
        organisation_id=await _concerned(session, asked),
        words=asked.words,
        occurred_on=asked.occurred_on,
        decision_reference=asked.decision_reference,
        recorded_at=now,
        recorded_by=caller.organisation_id or "",
        principal=caller.principal,
    )
    session.add(row)
    await restate(session, row, now)
    said = DisciplineIncidentRecorded(
        incident_id=row.id,
        class_id=row.class_id,
        organisation_id=row.organisation_id,
        occurred_on=row.occurred_on,
    )
    subject = aggregate(DisciplineIncidentState.RESOURCE, row.id)
    await record(session, fact(said, subject=subject, at=now, cycle=row.cycle_id, revision=row.revision))
    return IncidentView.model_validate(row)


async def withdraw_incident(
    session: AsyncSession,
    incident_id: str,
    asked: WithdrawIncident,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> IncidentView:
    """Take back an incident that should not have been recorded; it stays to be read, withdrawn."""
    known = await find_seen(session, incident_id, caller)
    caller.require(ACT, (await get_kept_pack(session, known.cycle_id)).pack)
    row = await session.get_one(DisciplineIncident, known.id, with_for_update=True, populate_existing=True)
    check_version(row.version, if_match)
    check_standing(row.id, row.status)
    row.status, row.withdrawal_reason = WITHDRAWN, asked.reason
    row.withdrawn_at, row.withdrawn_by = now, caller.principal
    await restate(session, row, now)
    return IncidentView.model_validate(row)


async def _concerned(session: AsyncSession, asked: RecordIncident) -> str:
    """Name the organisation that an incident concerns."""
    if asked.class_id is None:
        return (await get_organisation(session, asked.organisation_id or "")).id
    held = await session.get(Class, asked.class_id)
    if held is None:
        raise ClassUnknown(asked.class_id)
    check_cycle(held.id, held.cycle_id, asked.cycle_id)
    return held.lead_id
