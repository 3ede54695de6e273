"""Planning sessions and recording who attended, a whole request in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import list_departments
from services.enrollment.learning.domain import (
    TAUGHT,
    TEACHING,
    ClassNotTeaching,
    EnrolmentClosed,
    EnrolmentNotOfClass,
    EnrolmentRepeated,
    MinutesBeyondSession,
    SessionNotFound,
    SessionOutsideClass,
    SessionRepeated,
    VisitNotPlanned,
    check_begun,
    check_minutes,
    check_teaching,
    check_within_class,
)
from services.enrollment.learning.models import Attendance, Session
from services.enrollment.learning.queries import session_view
from services.enrollment.learning.schemas import AttendanceView, PlanSession, RecordAttendance, SessionView
from services.enrollment.learning.states import session_state
from services.enrollment.plan import PlannedClass, class_unknown, find_classes, get_class
from services.enrollment.tables import raise_versions
from shared.bulk import ItemResult, Results, refuse
from shared.caller import Caller, OrganisationMismatch
from shared.copywatch import RestsOnCopy
from shared.database import Database, upsert
from shared.events.policy import ConceptAbsent
from shared.ids import new_id
from shared.outbox import record

_SESSION_REFUSALS = (RestsOnCopy, OrganisationMismatch, ConceptAbsent, SessionOutsideClass, SessionRepeated)
_ATTENDANCE_REFUSALS = (EnrolmentNotOfClass, EnrolmentClosed, EnrolmentRepeated, MinutesBeyondSession)


async def plan_sessions(
    session: AsyncSession, caller: Caller, items: Sequence[PlanSession], at: datetime
) -> Results[SessionView]:
    """Add sessions to classes that the caller leads."""
    classes = await find_classes(session, {item.class_id for item in items}, held=True)
    results: dict[int, ItemResult[SessionView]] = {}
    wanted: dict[tuple[str, datetime, str], int] = {}
    for index, item in enumerate(items):
        try:
            _check_session(caller, item, classes)
            if (key := (item.class_id, item.starts_at, item.title)) in wanted:
                raise SessionRepeated(class_id=item.class_id)
        except _SESSION_REFUSALS as refusal:
            results[index] = refuse(session, index, refusal)
        else:
            wanted[key] = index
    departments = {
        one: await lock_departments(session, classes[one]) for one in sorted({k[0] for k in wanted})
    }
    rows = [_session_row(items[index], classes[items[index].class_id], at) for index in wanted.values()]
    added = {(row.class_id, row.starts_at, row.title): row for row in await _insert(session, rows)}
    for key, index in wanted.items():
        if row := added.get(key):
            view = session_view(row, classes[row.class_id].pack.cycle.zone)
            results[index] = ItemResult(index=index, status=201, value=view)
        else:
            results[index] = refuse(session, index, SessionRepeated(class_id=items[index].class_id))
    await record(
        session,
        *(session_state(row, classes[row.class_id], departments[row.class_id], at) for row in added.values()),
    )
    return Results(results=[results[index] for index in sorted(results)])


async def record_attendance(
    session: AsyncSession, caller: Caller, session_id: str, items: Sequence[RecordAttendance], at: datetime
) -> Results[AttendanceView]:
    """Say how long trainees were in a session; what is said again replaces what was said before."""
    row, planned = await lock_session(session, session_id)
    caller.require_organisation(planned.state.lead_id)
    check_class(planned, TAUGHT)
    check_begun(row.id, row.starts_at, at)
    trainees = await _trainees(session, {item.enrolment_id for item in items})
    results: list[ItemResult[AttendanceView]] = []
    said: dict[str, int] = {}
    before = await recorded_minutes(session, row.id, trainees)
    for index, item in enumerate(items):
        try:
            _check_attendance(item, row, trainees)
            if item.enrolment_id in said:
                raise EnrolmentRepeated(enrolment_id=item.enrolment_id)
        except _ATTENDANCE_REFUSALS as refusal:
            results.append(refuse(session, index, refusal))
        else:
            said[item.enrolment_id] = item.minutes
            view = AttendanceView(session_id=row.id, enrolment_id=item.enrolment_id, minutes=item.minutes)
            status = 200 if item.enrolment_id in before else 201
            results.append(ItemResult(index=index, status=status, value=view))
    if news := {one: minutes for one, minutes in said.items() if before.get(one) != minutes}:
        await keep_attendance(session, row, planned, news, at)
    return Results(results=results)


async def lock_session(session: AsyncSession, session_id: str) -> tuple[Session, PlannedClass]:
    """Lock a session, after holding its class.

    The lock also keeps a confirmation, which takes the sessions of its class first, from passing by.
    """
    class_id = await session.scalar(select(Session.class_id).where(Session.id == session_id))
    if class_id is None:
        raise SessionNotFound(session_id=session_id)
    planned = await get_class(session, class_id, held=True)
    return await session.get_one(Session, session_id, with_for_update=True), planned


async def keep_attendance(
    session: AsyncSession, row: Session, planned: PlannedClass, news: Mapping[str, int], at: datetime
) -> None:
    """Write what is new of a locked session, and count again who was there."""
    said = upsert(Attendance)
    said = said.on_conflict_do_update(
        index_elements=["session_id", "enrolment_id"],
        set_={"minutes": said.excluded.minutes, "recorded_at": said.excluded.recorded_at},
    )
    values = [
        {"session_id": row.id, "enrolment_id": one, "minutes": minutes, "recorded_at": at}
        for one, minutes in sorted(news.items())
    ]
    await session.execute(said, values)
    await recount(session, row, planned, at)


async def recount(session: AsyncSession, row: Session, planned: PlannedClass, at: datetime) -> None:
    """Count again who was in a locked session, and tell it."""
    present = select(func.count()).where(Attendance.session_id == row.id, Attendance.minutes > 0)
    row.attended = (await session.execute(present)).scalar_one()
    row.version += 1
    # An approval that adds a department changes this row after us, or has done so before us.
    departments = await list_departments(session, [row.class_id])
    await record(session, session_state(row, planned, departments[row.class_id], at))


async def lock_departments(session: AsyncSession, planned: PlannedClass) -> frozenset[str]:
    """Hold still which departments have trainees in a class, and list them."""
    class_id = planned.state.id
    await Database.exclusive(session, f"departments of {class_id}")
    return (await list_departments(session, [class_id]))[class_id]


async def restate_sessions(
    session: AsyncSession, planned: PlannedClass, before: frozenset[str], at: datetime
) -> None:
    """State the sessions of a class again when other departments than before have trainees in it."""
    class_id = planned.state.id
    departments = (await list_departments(session, [class_id]))[class_id]
    if departments != before:
        rows = await raise_versions(session, Session, Session.version, Session.class_id == class_id)
        await record(session, *(session_state(row, planned, departments, at) for row in rows))


def _check_session(caller: Caller, item: PlanSession, classes: Mapping[str, PlannedClass]) -> None:
    planned = classes.get(item.class_id)
    if planned is None:
        raise class_unknown(item.class_id)
    if caller.organisation_id != planned.state.lead_id:
        raise planned.refuse_stranger(OrganisationMismatch(organisation_id=planned.state.lead_id))
    check_class(planned, TEACHING)
    planned.pack.session_mode(item.mode)
    check_within_class(
        item.starts_at, planned.pack.cycle.zone, planned.state.starts_on, planned.state.ends_on
    )
    if item.planned_visit is not None and _host_of(item, planned) is None:
        refusal = VisitNotPlanned(class_id=item.class_id, number=item.planned_visit)
        raise planned.refuse(refusal)


def _host_of(item: PlanSession, planned: PlannedClass) -> str | None:
    """Tell whom the visit goes to that the session carries out."""
    hosts = {visit.number: visit.host for visit in planned.state.planned_visits}
    return None if item.planned_visit is None else hosts.get(item.planned_visit)


def check_class(planned: PlannedClass, allowed: frozenset[str]) -> None:
    try:
        check_teaching(planned.state.id, planned.state.status, allowed)
    except ClassNotTeaching as refusal:
        raise planned.refuse(refusal) from None


def _session_row(item: PlanSession, planned: PlannedClass, at: datetime) -> dict[str, Any]:
    return {
        **item.model_dump(),
        "visit_host": _host_of(item, planned),
        "id": new_id(),
        "cycle_id": planned.state.cycle_id,
        "revision": planned.cycle.state.revision,
        "attended": 0,
        "version": 1,
        "created_at": at,
    }


async def _insert(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> Sequence[Session]:
    if not rows:
        return []
    added = upsert(Session).on_conflict_do_nothing().returning(Session)
    return (await session.scalars(added, rows)).all()


async def _trainees(session: AsyncSession, ids: set[str]) -> dict[str, tuple[str, str]]:
    """Read the class and the status of enrolments by their ids."""
    found = select(Enrolment.id, Enrolment.class_id, Enrolment.status).where(Enrolment.id.in_(sorted(ids)))
    return {row.id: (row.class_id, row.status) for row in await session.execute(found)}


async def recorded_minutes(session: AsyncSession, session_id: str, ids: Iterable[str]) -> dict[str, int]:
    said = select(Attendance.enrolment_id, Attendance.minutes).where(
        Attendance.session_id == session_id, Attendance.enrolment_id.in_(sorted(ids))
    )
    return {row.enrolment_id: row.minutes for row in await session.execute(said)}


def _check_attendance(item: RecordAttendance, row: Session, trainees: Mapping[str, tuple[str, str]]) -> None:
    class_id, status = trainees.get(item.enrolment_id, ("", ""))
    if class_id != row.class_id:
        raise EnrolmentNotOfClass(enrolment_id=item.enrolment_id, class_id=row.class_id)
    if status != "enrolled":
        raise EnrolmentClosed(enrolment_id=item.enrolment_id, state=status)
    check_minutes(item.minutes, row.minutes)
