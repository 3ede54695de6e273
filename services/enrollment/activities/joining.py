"""Participation of two persons who turn out to be one, and of one who turns out to be two after all.

Who stood in an activity under both ids takes part once: who came, else who has a place, else who registered
first. The other participation ends, and its place goes to whoever waits.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import REGISTERED, WAITING, WITHDRAWN
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.places import give_up, lock_activities, tell

Document = dict[str, Any]


async def join_participation(
    session: AsyncSession, survivor_id: str, retired_id: str, enrolments: Mapping[str, str], at: datetime
) -> list[Document]:
    """Let the survivor take part where the retired person does; tell what to write back.

    `enrolments` names those that ended, with the ones by which they go on.
    """
    theirs = select(Participant.activity_id).where(Participant.person_id == retired_id)
    activities = await lock_activities(session, theirs)
    rows = await _participants(session, activities, (survivor_id, retired_id))
    standing = {one.activity_id: one for one in rows if one.person_id == survivor_id and _stands(one)}
    joined: list[Document] = []
    for row in [one for one in rows if one.person_id == retired_id]:
        written: Document = {"id": row.id, "enrolment_id": row.enrolment_id, "ended": None}
        other = standing.get(row.activity_id)
        if other is not None and _stands(row):
            ended = min(row, other, key=_weight)
            written["ended"] = {"id": ended.id, "status": ended.status, "attended": ended.attended}
            ended.attended = None
            await give_up(session, activities[row.activity_id], [ended], at)
        _belongs(row, survivor_id, enrolments.get(str(row.enrolment_id), row.enrolment_id))
        await session.flush()
        joined.append(written)
    ended_in = {one.activity_id for one in rows for doc in joined if doc["ended"] and doc["id"] == one.id}
    await _retell(session, [activities[one] for one in sorted(ended_in)], at)
    return joined


async def part_participation(
    session: AsyncSession,
    joined: Sequence[Mapping[str, Any]],
    retired_id: str,
    enrolment_ids: Iterable[str],
    at: datetime,
) -> None:
    """Give a participation back to the retired person, and let the ended ones stand again.

    What was registered since by an enrolment that goes back goes with it. A place that somebody else took
    meanwhile is waited for.
    """
    known = {one["id"]: one for one in joined}
    back = sorted(enrolment_ids)
    ended = {one["ended"]["id"]: one["ended"] for one in joined if one["ended"] is not None}
    concerned = Participant.id.in_({*known, *ended}) | Participant.enrolment_id.in_(back)
    activities = await lock_activities(session, select(Participant.activity_id).where(concerned))
    found = select(Participant).where(concerned).order_by(Participant.id)
    rows = (await session.scalars(found.execution_options(populate_existing=True))).all()
    for row in rows:
        if row.id in known:
            _belongs(row, retired_id, known[row.id]["enrolment_id"])
        elif row.enrolment_id in back:
            _belongs(row, retired_id, row.enrolment_id)
    await session.flush()
    changed = set[str]()
    for row in rows:
        if row.id in ended and not await _stands_otherwise(session, row):
            _resume(activities[row.activity_id], row, ended[row.id])
            await session.flush()
            changed.add(row.activity_id)
    await _retell(session, [activities[one] for one in sorted(changed)], at)


def _resume(activity: Activity, row: Participant, before: Mapping[str, Any]) -> None:
    row.withdrawn_at, row.attended = None, before["attended"]
    if before["status"] == REGISTERED and activity.registered < activity.capacity:
        row.status = REGISTERED
        activity.registered += 1
    else:
        row.status = WAITING
        activity.waiting += 1
    row.version += 1


def _stands(row: Participant) -> bool:
    return row.status != WITHDRAWN


def _weight(row: Participant) -> tuple[bool, bool, int]:
    return row.attended is True, row.status == REGISTERED, -row.number


def _belongs(row: Participant, person_id: str, enrolment_id: str | None) -> None:
    row.person_id, row.holder, row.enrolment_id = person_id, f"person:{person_id}", enrolment_id
    row.version += 1


async def _participants(
    session: AsyncSession, activities: Iterable[str], person_ids: Sequence[str]
) -> Sequence[Participant]:
    found = select(Participant).where(
        Participant.activity_id.in_(sorted(activities)), Participant.person_id.in_(person_ids)
    )
    found = found.order_by(Participant.activity_id, Participant.number)
    return (await session.scalars(found.execution_options(populate_existing=True))).all()


async def _stands_otherwise(session: AsyncSession, row: Participant) -> bool:
    standing = select(Participant.id).where(
        Participant.activity_id == row.activity_id,
        Participant.holder == row.holder,
        Participant.status != WITHDRAWN,
    )
    return (await session.scalars(standing.limit(1))).first() is not None


async def _retell(session: AsyncSession, activities: Sequence[Activity], at: datetime) -> None:
    """Count again who came to these activities, and state them."""
    for activity in activities:
        present = select(func.count()).where(
            Participant.activity_id == activity.id, Participant.attended.is_(True)
        )
        activity.attended = (await session.execute(present)).scalar_one()
        await tell(session, activity, at)
