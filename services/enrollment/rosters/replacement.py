"""Rows that take the place of a trainee (Q8): checked when drafted, and again when approved."""

from collections.abc import Collection, Sequence

from sqlalchemy import CompoundSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.departures.withdrawal import lock_enrolments
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.places import check_replaceable


async def check_replaced(session: AsyncSession, class_id: str, enrolment_ids: Collection[str]) -> int:
    """Refuse to replace trainees who cannot be, as they are now; tell how many have yet to leave."""
    if not enrolment_ids:
        return 0
    named = sorted(enrolment_ids)
    found = await session.execute(
        select(Enrolment.id, Enrolment.status).where(Enrolment.class_id == class_id, Enrolment.id.in_(named))
    )
    states = dict(found.all())
    replaced = select(Enrolment.replaces_enrolment_id).where(Enrolment.replaces_enrolment_id.in_(named))
    taken = {one for one in await session.scalars(replaced) if one is not None}
    check_replaceable(class_id, named, states, taken)
    return sum(state == "enrolled" for state in states.values())


async def count_leaving(session: AsyncSession, roster_id: str) -> int:
    """Count the trainees whose places a roster takes over and who have not left yet."""
    leaving = (
        select(func.count())
        .select_from(RosterRow)
        .join(Enrolment, Enrolment.id == RosterRow.replaces_enrolment_id)
        .where(RosterRow.roster_id == roster_id, Enrolment.status == "enrolled")
    )
    return await session.scalar(leaving) or 0


def people_of(roster_id: str) -> CompoundSelect[str]:
    """Name those who come by the approved rows of a roster, and those who go."""
    coming = (
        select(Nomination.person_id)
        .join(RosterRow, RosterRow.nomination_id == Nomination.id)
        .where(RosterRow.roster_id == roster_id, RosterRow.decision == "approve")
    )
    going = (
        select(Enrolment.person_id)
        .join(RosterRow, RosterRow.replaces_enrolment_id == Enrolment.id)
        .where(RosterRow.roster_id == roster_id, RosterRow.decision == "approve")
    )
    return coming.union(going)


async def lock_replaced(session: AsyncSession, roster: Roster) -> tuple[list[Enrolment], Sequence[Enrolment]]:
    """Lock the trainees whom the approved rows replace, and check them again.

    Tells those who have yet to leave, and all enrolments in the cycle of the people replaced.
    """
    marked = select(RosterRow.replaces_enrolment_id).where(
        RosterRow.roster_id == roster.id,
        RosterRow.decision == "approve",
        RosterRow.replaces_enrolment_id.is_not(None),
    )
    replaced = {one for one in await session.scalars(marked) if one is not None}
    if not replaced:
        return [], []
    going = select(Enrolment.person_id).where(Enrolment.id.in_(marked))
    known = await lock_enrolments(session, roster.cycle_id, going)
    await check_replaced(session, roster.class_id, replaced)
    return [one for one in known if one.id in replaced and one.status == "enrolled"], known
