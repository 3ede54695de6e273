"""Reading links, and by one the own record of its trainee: a fixed number of queries."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.models import Activity, Participant
from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.completion.domain import Reason
from services.enrollment.completion.models import Completion, CompletionRow
from services.enrollment.completion.schemas import ReasonView
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import get_continued, get_visible_enrolment
from services.enrollment.learning.models import Attendance, Session
from services.enrollment.online.models import OnlineRecord
from services.enrollment.personal.domain import (
    PersonalLinkNotFound,
    PersonalLinkNotYours,
    PersonalLinkRefused,
    check_in_force,
)
from services.enrollment.personal.models import PersonalLink
from services.enrollment.personal.schemas import (
    OwnActivity,
    OwnClass,
    OwnCompletion,
    OwnRecord,
    OwnScore,
    OwnSession,
)
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.plan import get_class
from shared.caller import Caller
from shared.sealed import Sealer


async def get_responsible_enrolment(session: AsyncSession, caller: Caller, enrolment_id: str) -> Enrolment:
    """Get a trainee for whom the caller makes links: of a class that it runs, or of its jurisdiction."""
    enrolment, planned = await get_visible_enrolment(session, caller, enrolment_id)
    if caller.organisation_id not in planned.runners | {enrolment.department_id}:
        raise PersonalLinkNotYours(enrolment_id=enrolment_id)
    return enrolment


async def get_link(session: AsyncSession, caller: Caller, enrolment_id: str) -> PersonalLink:
    """Get the newest link of a trainee."""
    await get_responsible_enrolment(session, caller, enrolment_id)
    link = await find_newest_link(session, enrolment_id)
    if link is None:
        raise PersonalLinkNotFound(enrolment_id=enrolment_id)
    return link


async def find_newest_link(session: AsyncSession, enrolment_id: str) -> PersonalLink | None:
    """Find the link that is in force, else the one that was last."""
    made = select(PersonalLink).where(PersonalLink.enrolment_id == enrolment_id)
    revoked = PersonalLink.revoked_at.is_not(None)
    newest = made.order_by(revoked, PersonalLink.created_at.desc(), PersonalLink.id.desc()).limit(1)
    return await session.scalar(newest)


async def get_link_in_force(session: AsyncSession, link_id: str, now: datetime) -> PersonalLink:
    link = await session.get(PersonalLink, link_id)
    if link is None:
        raise PersonalLinkRefused
    check_in_force(link.expires_at, link.revoked_at, now)
    return link


async def get_own_record(session: AsyncSession, link_id: str, now: datetime, sealer: Sealer) -> OwnRecord:
    """Read what is kept of the trainee of a link."""
    link = await get_link_in_force(session, link_id, now)
    enrolment = await get_continued(session, link.enrolment_id)
    planned = await get_class(session, enrolment.class_id)
    persons = await get_persons(session, [enrolment.person_id])
    sessions = await _sessions(session, enrolment)
    return OwnRecord.model_validate(
        {
            "enrolment_id": enrolment.id,
            "status": enrolment.status,
            "person": masked(sealer, persons[enrolment.person_id]),
            "class_": OwnClass.model_validate(planned.state),
            "sessions": sessions,
            "minutes": sum(one.attended_minutes or 0 for one in sessions),
            "online_minutes": await _online_minutes(session, enrolment.id),
            "report_status": await session.scalar(
                select(FinalReport.status).where(FinalReport.enrolment_id == enrolment.id)
            ),
            "scores": await _scores(session, enrolment.id),
            "completion": await _completion(session, enrolment.id),
            "certificate_number": enrolment.certificate_number,
            "activities": await _activities(session, enrolment.person_id),
            "link_expires_at": link.expires_at,
        }
    )


async def _sessions(session: AsyncSession, enrolment: Enrolment) -> list[OwnSession]:
    mine = and_(Attendance.session_id == Session.id, Attendance.enrolment_id == enrolment.id)
    found = (
        select(Session, Attendance.minutes)
        .outerjoin(Attendance, mine)
        .where(Session.class_id == enrolment.class_id)
        .order_by(Session.starts_at, Session.id)
    )
    return [
        OwnSession(
            id=row.id,
            title=row.title,
            mode=row.mode,
            method=row.method,
            starts_at=row.starts_at,
            minutes=row.minutes,
            attended_minutes=minutes,
        )
        for row, minutes in await session.execute(found)
    ]


async def _online_minutes(session: AsyncSession, enrolment_id: str) -> int:
    learnt = select(func.sum(OnlineRecord.seconds)).where(OnlineRecord.enrolment_id == enrolment_id)
    return int(await session.scalar(learnt) or 0) // 60


async def _scores(session: AsyncSession, enrolment_id: str) -> list[OwnScore]:
    found = select(CourseScore).where(CourseScore.enrolment_id == enrolment_id).order_by(CourseScore.course)
    return [OwnScore.model_validate(row) for row in await session.scalars(found)]


async def _completion(session: AsyncSession, enrolment_id: str) -> OwnCompletion | None:
    found = (
        select(Completion.status, CompletionRow)
        .join(CompletionRow, CompletionRow.completion_id == Completion.id)
        .where(CompletionRow.enrolment_id == enrolment_id)
    )
    judged = (await session.execute(found)).first()
    if judged is None:
        return None
    status, row = judged
    return OwnCompletion.model_validate(
        {
            "status": status,
            "met": row.met,
            "minutes": row.minutes,
            "attendance_percent": row.attendance_percent,
            "reasons": [ReasonView.model_validate(Reason(**reason)) for reason in row.reasons],
        }
    )


async def _activities(session: AsyncSession, person_id: str) -> list[OwnActivity]:
    found = (
        select(Activity, Participant)
        .join(Participant, Participant.activity_id == Activity.id)
        .where(Participant.person_id == person_id)
        .order_by(Activity.starts_on, Participant.number)
    )
    return [
        OwnActivity.model_validate(
            {
                "activity_id": activity.id,
                "kind": activity.kind,
                "title": activity.title,
                "starts_on": activity.starts_on,
                "ends_on": activity.ends_on,
                "activity_status": activity.status,
                "status": row.status,
                "attended": row.attended,
            }
        )
        for activity, row in await session.execute(found)
    ]
