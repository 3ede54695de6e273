"""Reading activities, which everybody may, and who takes part, as far as the caller may see the people."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import (
    ActivityNotFound,
    Home,
    Host,
    crosses_department,
    crosses_industry,
)
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.schemas import ActivityView, ParticipantView
from services.enrollment.scope import BLIND_KINDS, scope_in_cycle
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_activities(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None, kind: str | None
) -> Page[ActivityView]:
    """List activities in the order of their days."""
    wanted = select(Activity)
    if cycle_id is not None:
        wanted = wanted.where(Activity.cycle_id == cycle_id)
    if kind is not None:
        wanted = wanted.where(Activity.kind == kind)
    keys = [Activity.starts_on, Activity.id]
    return await page(session, wanted, keys, paging, ActivityView.model_validate)


async def get_activity(session: AsyncSession, activity_id: str, *, held: bool = False) -> Activity:
    """Get an activity; `held` locks it, which keeps its places and its list as they are."""
    activity = await session.get(Activity, activity_id, with_for_update=held or None)
    if activity is None:
        raise ActivityNotFound(activity_id=activity_id)
    return activity


async def list_participants(
    session: AsyncSession, caller: Caller, activity_id: str, paging: AskedPage
) -> Page[ParticipantView]:
    """List who takes part or waits, in the order of registration."""
    activity = await get_activity(session, activity_id)
    seen = await seen_participants(session, caller, activity)
    rows = select(Participant).where(Participant.activity_id == activity_id, seen)
    keys = [Participant.number, Participant.id]
    return await page(session, rows, keys, paging, lambda row: participant_view(row, activity))


async def seen_participants(session: AsyncSession, caller: Caller, activity: Activity) -> ColumnElement[bool]:
    """Say whom the caller sees: who holds it all, others their own and whom they registered (Q11)."""
    if caller.kind in BLIND_KINDS:
        return false()
    if caller.organisation_id == activity.organisation_id:
        return true()
    scope = await scope_in_cycle(session, caller, activity.cycle_id)
    return or_(scope.where(Participant), Participant.registered_for == caller.organisation_id)


def participant_view(row: Participant, activity: Activity) -> ParticipantView:
    home = Home(row.department_id, row.industry_section)
    host = host_of(activity)
    made: dict[str, Any] = {
        "crosses_department": crosses_department(home, host),
        "crosses_industry": crosses_industry(home, host),
    }
    kept = {name: getattr(row, name) for name in ParticipantView.model_fields if name not in made}
    return ParticipantView.model_validate(kept | made)


def host_of(activity: Activity) -> Host:
    return Host(activity.place_department_id, activity.host_industry_section)
