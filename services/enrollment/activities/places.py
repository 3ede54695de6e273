"""Places of activities that become free, and whoever waits for them.

The activities are locked by whoever calls. While one is open, a place that is given up goes to the first who
waits, in the same transaction; so nobody waits while a place is free.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import OPEN, REGISTERED, WAITING, WITHDRAWN
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.states import activity_state
from shared.outbox import record


async def lock_activities(session: AsyncSession, which: Select[str]) -> dict[str, Activity]:
    """Lock these activities in the order of their ids; whoever locks people locks them before activities."""
    found = select(Activity).where(Activity.id.in_(which)).order_by(Activity.id).with_for_update()
    rows = await session.scalars(found.execution_options(populate_existing=True))
    return {one.id: one for one in rows}


async def give_up(
    session: AsyncSession, activity: Activity, leaving: Iterable[Participant], at: datetime
) -> None:
    """Take these participants off the list of a locked activity, and let those who wait move up."""
    for row in leaving:
        if row.status == WAITING:
            activity.waiting -= 1
        else:
            activity.registered -= 1
        row.status, row.withdrawn_at = WITHDRAWN, at
        row.version += 1
    await session.flush()
    free = activity.capacity - activity.registered
    if activity.status == OPEN and activity.waiting and free:
        for heir in await _first_waiting(session, activity.id, free):
            heir.status = REGISTERED
            heir.version += 1
            activity.waiting -= 1
            activity.registered += 1
        await session.flush()


async def leave_activities(session: AsyncSession, enrolment_ids: Collection[str], at: datetime) -> None:
    """Take trainees who leave their class off the lists of open activities, for which they stand by it."""
    theirs = (Participant.enrolment_id.in_(enrolment_ids), Participant.status != WITHDRAWN)
    concerned = select(Participant.activity_id).where(*theirs)
    opened = select(Activity.id).where(Activity.status == OPEN, Activity.id.in_(concerned))
    activities = await lock_activities(session, opened)
    if not activities:
        return
    found = select(Participant).where(*theirs, Participant.activity_id.in_(sorted(activities)))
    leaving: dict[str, list[Participant]] = defaultdict(list)
    for row in await session.scalars(found.execution_options(populate_existing=True)):
        leaving[row.activity_id].append(row)
    for activity in [one for one in activities.values() if one.status == OPEN and leaving[one.id]]:
        await give_up(session, activity, leaving[activity.id], at)
        await tell(session, activity, at)


async def tell(session: AsyncSession, activity: Activity, at: datetime) -> None:
    """State a changed activity with its next version."""
    activity.version += 1
    await session.flush()
    await record(session, activity_state(activity, at))


async def _first_waiting(session: AsyncSession, activity_id: str, places: int) -> Sequence[Participant]:
    waiting = select(Participant).where(Participant.activity_id == activity_id, Participant.status == WAITING)
    return (await session.scalars(waiting.order_by(Participant.number).limit(places))).all()
