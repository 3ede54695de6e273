"""Planning activities, opening and calling them off, and writing down that they were held and who came."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import (
    CANCELLED,
    HELD,
    OPEN,
    PLANNED,
    ActivityEndsBeforeStart,
    Host,
    HostIndustryMissing,
    ParticipantNotFound,
    ParticipantNotRegistered,
    ParticipantRepeated,
    PlaceUnknown,
    check_begun,
    check_dates,
    check_facets,
    check_host,
    check_registered,
    check_status,
)
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.queries import get_activity, participant_view
from services.enrollment.activities.schemas import (
    ActivityView,
    ParticipantView,
    PlanActivity,
    RecordParticipation,
)
from services.enrollment.activities.states import activity_state
from services.enrollment.plan import (
    Cycle,
    CycleClosed,
    check_trains,
    cycle_unknown,
    get_cycle,
    get_organisations,
    list_cycles,
)
from shared.bulk import ItemResult, Results, refuse
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate
from shared.events.policy import ConceptAbsent
from shared.events.registry import OrganisationState
from shared.headers import check_version
from shared.outbox import record

_PLAN_REFUSALS = (RestsOnCopy, ConceptAbsent, CycleClosed, ActivityEndsBeforeStart, HostIndustryMissing)
_ATTENDANCE_REFUSALS = (ParticipantNotFound, ParticipantNotRegistered, ParticipantRepeated)


async def plan_activities(
    session: AsyncSession, caller: Caller, items: Sequence[PlanActivity], at: datetime
) -> Results[ActivityView]:
    """Plan activities that the caller will hold; the pack of the cycle says of which kinds they may be."""
    check_trains(caller)
    cycles = {one.state.id: one for one in await list_cycles(session)}
    places = await get_organisations(session, {item.place_department_id for item in items})
    results: list[ItemResult[ActivityView]] = []
    rows: list[Activity] = []
    for index, item in enumerate(items):
        try:
            revision = _check_plan(item, cycles, places)
        except _PLAN_REFUSALS as refusal:
            results.append(refuse(session, index, refusal))
        else:
            row = Activity(
                **item.model_dump(),
                revision=revision,
                organisation_id=str(caller.organisation_id),
                planned_at=at,
            )
            rows.append(row)
            results.append(ItemResult(index=index, status=201, value=ActivityView.model_validate(row)))
    session.add_all(rows)
    await session.flush()
    await record(session, *(activity_state(row, at) for row in rows))
    return Results(results=results)


async def open_activity(
    session: AsyncSession, caller: Caller, activity_id: str, at: datetime, if_match: int | None
) -> Activity:
    """Let people register for a planned activity."""
    activity = await _own(session, caller, activity_id, if_match)
    check_status(activity.id, activity.status, PLANNED)
    return await _turn(session, activity, OPEN, at)


async def hold_activity(
    session: AsyncSession, caller: Caller, activity_id: str, at: datetime, if_match: int | None
) -> Activity:
    """Write down that an open activity was held; who waited until then did not take part."""
    activity = await _own(session, caller, activity_id, if_match)
    check_status(activity.id, activity.status, OPEN)
    zone = (await get_cycle(session, activity.cycle_id)).pack.cycle.zone
    check_begun(activity.id, activity.starts_on, zone, at)
    activity.held_at = at
    return await _turn(session, activity, HELD, at)


async def cancel_activity(
    session: AsyncSession, caller: Caller, activity_id: str, reason: str, at: datetime, if_match: int | None
) -> Activity:
    """Call off an activity that was not held."""
    activity = await _own(session, caller, activity_id, if_match)
    check_status(activity.id, activity.status, PLANNED, OPEN)
    activity.cancellation_reason = reason
    return await _turn(session, activity, CANCELLED, at)


async def record_participation(
    session: AsyncSession,
    caller: Caller,
    activity_id: str,
    items: Sequence[RecordParticipation],
    at: datetime,
) -> Results[ParticipantView]:
    """Say who came to an activity that was held; the last word stands."""
    activity = await _own(session, caller, activity_id, None)
    check_status(activity.id, activity.status, HELD)
    named = Participant.id.in_({item.participant_id for item in items})
    found = await session.scalars(select(Participant).where(Participant.activity_id == activity.id, named))
    known = {row.id: row for row in found}
    said: set[str] = set()
    results: list[ItemResult[ParticipantView]] = []
    for index, item in enumerate(items):
        try:
            row = known.get(item.participant_id)
            if row is None:
                raise ParticipantNotFound(participant_id=item.participant_id)
            check_registered(row.id, row.status)
            if row.id in said:
                raise ParticipantRepeated
        except _ATTENDANCE_REFUSALS as refusal:
            results.append(refuse(session, index, refusal))
            continue
        said.add(row.id)
        if row.attended != item.attended:
            row.attended = item.attended
            row.version += 1
        results.append(ItemResult(index=index, status=200, value=participant_view(row, activity)))
    await session.flush()
    present = select(func.count()).where(
        Participant.activity_id == activity.id, Participant.attended.is_(True)
    )
    attended = (await session.execute(present)).scalar_one()
    if attended != activity.attended:
        activity.attended = attended
        await _turn(session, activity, HELD, at)
    return Results(results=results)


def _check_plan(
    item: PlanActivity, cycles: Mapping[str, Cycle], places: Mapping[str, OrganisationState]
) -> int:
    """Check one item by itself; tell the revision of the pack that judged it."""
    cycle = cycles.get(item.cycle_id)
    if cycle is None or cycle.state.status == "draft":
        raise cycle_unknown(item.cycle_id)
    cycle.check_open()
    kind = cycle.pack.activity_kind(item.kind)
    check_facets(item.facets.items(), cycle.pack)
    check_dates(item.starts_on, item.ends_on)
    check_host(kind.crosses, Host(item.place_department_id, item.host_industry_section))
    place = places.get(item.place_department_id)
    if place is None or place.kind != "department":
        unknown = PlaceUnknown(department_id=item.place_department_id)
        raise RestsOnCopy(unknown, aggregate(OrganisationState.RESOURCE, item.place_department_id), 0)
    return cycle.revision


async def _own(session: AsyncSession, caller: Caller, activity_id: str, if_match: int | None) -> Activity:
    """Lock an activity that the caller holds."""
    activity = await get_activity(session, activity_id, held=True)
    caller.require_organisation(activity.organisation_id)
    check_version(activity.version, if_match)
    return activity


async def _turn(session: AsyncSession, activity: Activity, status: str, at: datetime) -> Activity:
    activity.status = status
    activity.version += 1
    await session.flush()
    await record(session, activity_state(activity, at))
    return activity
