"""What can be told of rosters and their rows, to who runs or reviews the class."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.rosters.domain import RosterNotFound
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.schemas import RosterView, RowView
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, page, to_page
from shared.sealed import Sealer


def roster_view(roster: Roster) -> RosterView:
    return RosterView.model_validate(roster)


async def get_roster(session: AsyncSession, caller: Caller, roster_id: str) -> Roster:
    """Get a roster that the caller may see; unknown and unseen are the same answer."""
    roster = await session.get(Roster, roster_id)
    if roster is None:
        raise RosterNotFound(roster_id=roster_id)
    planned = await get_class(session, roster.class_id)
    judged = await judged_by(session, planned, roster.revision)
    if not scope_in_class(caller, planned, judged).covers_class(roster.class_id):
        raise RosterNotFound(roster_id=roster_id)
    return roster


async def list_rosters(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[RosterView]:
    """List the rosters that the caller sees; who sees a class's trainees only in part sees none (Q11)."""
    planned = await get_class(session, class_id)
    wanted = select(Roster).where(Roster.class_id == class_id)
    if not scope_in_class(caller, planned).covers_class(class_id):
        wanted = wanted.where(Roster.revision.in_(await _still_judged(session, caller, planned)))
    return await page(session, wanted, (Roster.number,), paging, roster_view)


async def _still_judged(session: AsyncSession, caller: Caller, planned: PlannedClass) -> list[int]:
    """List the revisions under which rosters of the class were submitted that the caller decides on."""
    class_id = planned.state.id
    told = select(Roster.revision).where(Roster.class_id == class_id).distinct()
    judged = [await judged_by(session, planned, revision) for revision in await session.scalars(told)]
    return [
        one.cycle.revision for one in judged if scope_in_class(caller, planned, one).covers_class(class_id)
    ]


async def list_rows(
    session: AsyncSession, caller: Caller, sealer: Sealer, roster_id: str, paging: AskedPage
) -> Page[RowView]:
    await get_roster(session, caller, roster_id)
    wanted = select(RosterRow).where(RosterRow.roster_id == roster_id)
    rows = (await session.scalars(apply(wanted, (RosterRow.position,), paging))).all()
    nominations = await _nominations(session, [row.nomination_id for row in rows])
    persons = await get_persons(session, {one.person_id for one in nominations.values()})

    def view(row: RosterRow) -> RowView:
        nomination = nominations[row.nomination_id]
        return _row_view(sealer, row, nomination, persons[nomination.person_id])

    return to_page(rows, (RosterRow.position,), paging, view)


async def _nominations(session: AsyncSession, ids: Sequence[str]) -> dict[str, Nomination]:
    found = await session.scalars(select(Nomination).where(Nomination.id.in_(ids)))
    return {nomination.id: nomination for nomination in found}


async def count_enrolled(session: AsyncSession, class_id: str) -> int:
    standing = select(func.count()).where(Enrolment.class_id == class_id, Enrolment.status.not_in(ENDED))
    return await session.scalar(standing) or 0


def _row_view(sealer: Sealer, row: RosterRow, nomination: Nomination, person: Person) -> RowView:
    return RowView.model_validate(
        {
            "position": row.position,
            "nomination_id": nomination.id,
            "person": masked(sealer, person),
            "enterprise_id": nomination.enterprise_id,
            "department_id": nomination.department_id,
            "channels": sorted(nomination.credits),
            "target_group": nomination.target_group,
            "decision": row.decision,
            "reason": row.reason,
            "replaces_enrolment_id": row.replaces_enrolment_id,
        }
    )
