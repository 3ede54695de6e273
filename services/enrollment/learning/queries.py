"""Reading sessions. They name no trainee: whoever may see one trainee of the class sees them."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.learning.domain import held_on
from services.enrollment.learning.models import Session
from services.enrollment.learning.schemas import SessionView
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.scope import scope_in_class
from shared.caller import Caller, OrganisationMismatch
from shared.paging import AskedPage, Page, page


def session_view(row: Session, zone: str) -> SessionView:
    return SessionView(
        id=row.id,
        class_id=row.class_id,
        title=row.title,
        mode=row.mode,
        method=row.method,
        starts_at=row.starts_at,
        minutes=row.minutes,
        held_on=held_on(row.starts_at, zone, row.attended),
        attended=row.attended,
        planned_visit=row.planned_visit,
        version=row.version,
    )


async def list_sessions(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[SessionView]:
    """List the sessions of a class in the order of their time."""
    planned = await find_visible_class(session, caller, class_id)
    zone = planned.pack.cycle.zone
    rows = select(Session).where(Session.class_id == class_id)
    return await page(
        session, rows, [Session.starts_at, Session.id], paging, lambda row: session_view(row, zone)
    )


async def find_visible_class(
    session: AsyncSession, caller: Caller, class_id: str, revision: int | None = None
) -> PlannedClass:
    """Get a class of which the caller may see all trainees, or at least one; refuses all others.

    `revision` is the one that judges what is looked at, if there is something to judge.
    """
    planned = await get_class(session, class_id)
    judged = None if revision is None else await judged_by(session, planned, revision)
    scope = scope_in_class(caller, planned, judged)
    if not scope.covers_class(class_id):
        trainee = exists().where(Enrolment.class_id == class_id, scope.where(Enrolment))
        if not await session.scalar(select(trainee)):
            raise OrganisationMismatch(organisation_id=planned.state.lead_id)
    return planned
