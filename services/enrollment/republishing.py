"""What enrollment can state again for one consumer: everything that it owns and states."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.activities.models import Activity
from services.enrollment.activities.states import activity_state
from services.enrollment.completion.models import Completion
from services.enrollment.completion.states import completion_state
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import list_departments
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.learning.models import Session
from services.enrollment.learning.states import session_state
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.states import nomination_state
from services.enrollment.plan import find_classes, hold_classes
from services.enrollment.rosters.models import Roster
from services.enrollment.rosters.states import roster_state
from shared.events.enrollment import (
    ActivityState,
    CompletionState,
    EnrolmentState,
    EnterpriseState,
    NominationState,
    RosterState,
    SessionState,
)
from shared.events.envelope import Event
from shared.republish import CHUNK, Restated, next_rows


async def _enterprises(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, Enterprise, Enterprise.id, after)
    return await enterprise_states(session, rows, at)


async def _nominations(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    await _hold_next(session, Nomination.id, Nomination.class_id, after)
    rows = await next_rows(session, Nomination, Nomination.id, after)
    classes = await hold_classes(session, {row.class_id for row in rows})
    return [nomination_state(row, classes[row.class_id], at) for row in rows]


async def _rosters(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    await _hold_next(session, Roster.id, Roster.class_id, after)
    rows = await next_rows(session, Roster, Roster.id, after)
    classes = await hold_classes(session, {row.class_id for row in rows})
    return [roster_state(row, classes[row.class_id], at) for row in rows]


async def _enrolments(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    await _hold_next(session, Enrolment.id, Enrolment.class_id, after)
    rows = await next_rows(session, Enrolment, Enrolment.id, after)
    classes = await hold_classes(session, {row.class_id for row in rows})
    return [enrolment_state(row, classes[row.class_id], at) for row in rows]


async def _sessions(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    await _hold_next(session, Session.id, Session.class_id, after)
    rows = await next_rows(session, Session, Session.id, after)
    classes = await hold_classes(session, {row.class_id for row in rows})
    departments = await list_departments(session, classes)
    return [session_state(row, classes[row.class_id], departments[row.class_id], at) for row in rows]


async def _completions(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    await _hold_next(session, Completion.id, Completion.class_id, after)
    rows = await next_rows(session, Completion, Completion.id, after)
    classes = await hold_classes(session, {row.class_id for row in rows})
    departments = await list_departments(session, classes)
    return [completion_state(row, classes[row.class_id], departments[row.class_id], at) for row in rows]


async def _activities(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [activity_state(row, at) for row in await next_rows(session, Activity, Activity.id, after)]


async def _hold_next(
    session: AsyncSession, key: InstrumentedAttribute[str], class_id: InstrumentedAttribute[str], after: str
) -> None:
    """Hold the classes of the next rows before the rows themselves, in the order of every command."""
    coming = select(class_id).where(key > after).order_by(key).limit(CHUNK)
    await find_classes(session, set(await session.scalars(coming)), held=True)


RESTATED: Restated = {
    EnterpriseState.RESOURCE: _enterprises,
    NominationState.RESOURCE: _nominations,
    RosterState.RESOURCE: _rosters,
    EnrolmentState.RESOURCE: _enrolments,
    SessionState.RESOURCE: _sessions,
    CompletionState.RESOURCE: _completions,
    ActivityState.RESOURCE: _activities,
}
