"""Reading timelines: built from what is kept anyway, in one query a page, and one for who nominated."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import get_visible_enrolment
from services.enrollment.learning.queries import find_visible_class
from services.enrollment.nominations.models import Nomination
from services.enrollment.scope import scope_in_class
from services.enrollment.timelines.domain import sentence
from services.enrollment.timelines.schemas import TimelineEvent
from services.enrollment.timelines.sources import (
    Source,
    of_attendance,
    of_class,
    of_completion,
    of_nominations,
    of_own_completion,
    of_rosters,
    of_sessions,
    of_trainees,
)
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, to_page


async def read_class_timeline(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[TimelineEvent]:
    """Tell what happened in a class and to those of its trainees whom the caller may see."""
    planned = await find_visible_class(session, caller, class_id)
    scope = scope_in_class(caller, planned)
    seen = and_(Enrolment.class_id == class_id, scope.where(Enrolment))
    sources = [
        *of_class(class_id),
        of_nominations(Nomination.class_id == class_id, scope.where(Nomination)),
        *of_trainees(seen),
        of_sessions(class_id, planned.state.lead_id),
        *of_completion(class_id, planned.state.lead_id),
    ]
    if scope.covers_class(class_id):  # as rosters themselves are seen
        sources += of_rosters(class_id)
    return await _page(session, sources, paging)


async def read_trainee_timeline(
    session: AsyncSession, caller: Caller, enrolment_id: str, paging: AskedPage
) -> Page[TimelineEvent]:
    """Tell what happened to a trainee whom the caller may see."""
    enrolment, planned = await get_visible_enrolment(session, caller, enrolment_id)
    class_id, lead_id = enrolment.class_id, planned.state.lead_id
    sources = [
        of_nominations(Nomination.id == enrolment.nomination_id),
        *of_trainees(Enrolment.id == enrolment_id),
        of_attendance(enrolment_id, lead_id),
        *of_own_completion(enrolment_id, class_id, lead_id),
    ]
    return await _page(session, sources, paging)


async def _page(session: AsyncSession, sources: Sequence[Source], paging: AskedPage) -> Page[TimelineEvent]:
    happened = union_all(*sources).subquery("happened")
    keys = (happened.c.at, happened.c.code, happened.c.subject_id)
    rows = (await session.execute(apply(select(happened), keys, paging))).all()
    named = await _nominators(session, rows)
    return to_page(rows, keys, paging, lambda row: _event(row, named))


async def _nominators(session: AsyncSession, rows: Sequence[Row[Any]]) -> dict[str, str]:
    """Tell who put each of these nominations forward first."""
    ids = sorted(row.subject_id for row in rows if row.code == "nominated")
    found = select(Nomination.id, Nomination.credits).where(Nomination.id.in_(ids))
    first = {row.id: next(iter(row.credits.values()), None) for row in await session.execute(found)}
    return {one: credit["organisation_id"] for one, credit in first.items() if credit}


def _event(row: Row[Any], nominators: dict[str, str]) -> TimelineEvent:
    zh, en = sentence(row.code, row.title)
    return TimelineEvent(
        at=row.at,
        code=row.code,
        zh=zh,
        en=en,
        subject_id=row.subject_id,
        enrolment_id=row.enrolment_id,
        organisation_id=row.organisation_id or nominators.get(row.subject_id),
    )
