"""Registering for an activity and leaving it: places go in the order of registration, then people wait.

Whoever registers locks the people before the activity, so that nobody is merged or leaves a class meanwhile.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import (
    OPEN,
    REGISTERED,
    WITHDRAWN,
    CertificateNotLegacy,
    CertificateUnknown,
    EnrolmentWithdrawn,
    GraduatesOnly,
    NothingCrossed,
    ParticipantNotFound,
    ParticipantRepeated,
    check_status,
    check_stays,
)
from services.enrollment.activities.entrants import look_up, make_participant, people_of
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.places import give_up, tell
from services.enrollment.activities.queries import get_activity, participant_view, seen_participants
from services.enrollment.activities.schemas import ParticipantView, RegisterParticipant
from services.enrollment.enrolments.domain import EnrolmentNotFound
from services.enrollment.enrolments.heads import lock_persons
from services.enrollment.persons.domain import PersonErased
from services.enrollment.plan import check_trains, get_cycle
from shared.bulk import ItemResult, Results, refuse
from shared.caller import Caller, OrganisationMismatch
from shared.copywatch import RestsOnCopy

_REFUSALS = (
    RestsOnCopy,
    OrganisationMismatch,
    EnrolmentNotFound,
    PersonErased,
    CertificateUnknown,
    CertificateNotLegacy,
    EnrolmentWithdrawn,
    GraduatesOnly,
    NothingCrossed,
    ParticipantRepeated,
)


async def register_participants(
    session: AsyncSession,
    caller: Caller,
    activity_id: str,
    items: Sequence[RegisterParticipant],
    at: datetime,
) -> Results[ParticipantView]:
    """Register trainees and graduates for an open activity; beyond its places they wait, in this order."""
    check_trains(caller)
    await lock_persons(session, people_of(items))
    activity = await get_activity(session, activity_id, held=True)
    check_status(activity.id, activity.status, OPEN)
    kind = (await get_cycle(session, activity.cycle_id)).pack.activity_kind(activity.kind)
    known = await look_up(session, items)
    standing = await _standing(session, activity.id)
    rows: list[Participant] = []
    results: list[ItemResult[ParticipantView]] = []
    for index, item in enumerate(items):
        try:
            row = make_participant(caller, activity, kind, item, known, at)
            if row.holder in standing:
                raise ParticipantRepeated
        except _REFUSALS as refusal:
            results.append(refuse(session, index, refusal))
            continue
        standing.add(row.holder)
        _place(activity, row)
        rows.append(row)
        results.append(ItemResult(index=index, status=201, value=participant_view(row, activity)))
    if rows:
        session.add_all(rows)
        await tell(session, activity, at)
    return Results(results=results)


async def withdraw_participant(
    session: AsyncSession, caller: Caller, activity_id: str, participant_id: str, at: datetime
) -> ParticipantView:
    """Take somebody off the list of an open activity; the first who waits moves up."""
    check_trains(caller)
    activity = await get_activity(session, activity_id, held=True)
    seen = await seen_participants(session, caller, activity)
    mine = select(Participant).where(
        Participant.activity_id == activity.id, Participant.id == participant_id, seen
    )
    row = await session.scalar(mine)
    if row is None:
        raise ParticipantNotFound(participant_id=participant_id)
    check_status(activity.id, activity.status, OPEN)
    check_stays(row.id, row.status)
    await give_up(session, activity, [row], at)
    await tell(session, activity, at)
    return participant_view(row, activity)


async def _standing(session: AsyncSession, activity_id: str) -> set[str]:
    holders = select(Participant.holder).where(
        Participant.activity_id == activity_id, Participant.status != WITHDRAWN
    )
    return set(await session.scalars(holders))


def _place(activity: Activity, row: Participant) -> None:
    """Give the next number, and a place while there is one."""
    activity.last_number += 1
    row.number = activity.last_number
    if activity.registered < activity.capacity:
        row.status = REGISTERED
        activity.registered += 1
    else:
        activity.waiting += 1
