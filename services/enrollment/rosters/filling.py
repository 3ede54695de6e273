"""Putting nominations on a draft: those named, or the first of the queue as far as there is room."""

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass
from services.enrollment.rosters.domain import rows_digest
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.places import Mark, check_marks, choose_rows
from services.enrollment.rosters.queries import count_enrolled
from services.enrollment.rosters.queue import IN_TURN, open_in
from services.enrollment.rosters.replacement import check_replaced


async def fill(
    session: AsyncSession,
    roster: Roster,
    planned: PlannedClass,
    nomination_ids: Sequence[str] | None,
    marks: Sequence[Mark],
) -> None:
    """Write the rows of a draft that has none, with their count and their hash."""
    class_id = roster.class_id
    whose = check_marks(marks)
    leaving = await check_replaced(session, class_id, whose.enrolment_ids)
    room = planned.state.capacity - await count_enrolled(session, class_id) + leaving
    queue = await session.scalars(open_in(Nomination.id, class_id).order_by(*IN_TURN))
    chosen = choose_rows(class_id, queue.all(), nomination_ids, whose, room)
    rows = [
        {
            "roster_id": roster.id,
            "position": position,
            "nomination_id": nomination_id,
            "replaces_enrolment_id": replaced,
        }
        for position, (nomination_id, replaced) in enumerate(chosen, start=1)
    ]
    if rows:
        await session.execute(insert(RosterRow), rows)
    roster.rows = len(rows)
    roster.approved_rows = 0
    roster.rows_sha256 = rows_digest(
        (position, nomination_id, replaced)
        for position, (nomination_id, replaced) in enumerate(chosen, start=1)
    )
