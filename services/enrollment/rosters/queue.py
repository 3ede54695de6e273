"""Which nominations of a class are open, which of them wait, and in which order.

Nothing of it is stored but the turn of each: a row that is rejected, a trainee who leaves or a roster that is
returned changes who waits without another write.
"""

from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass
from services.enrollment.rosters.domain import OPEN
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.queries import count_enrolled

T = TypeVar("T")

IN_TURN: tuple[InstrumentedAttribute[Any], ...] = (Nomination.turn, Nomination.number)
"""The order of the queue."""

_ROW = (
    select(RosterRow.nomination_id)
    .join(Roster, Roster.id == RosterRow.roster_id)
    .where(RosterRow.nomination_id == Nomination.id)
)
_DECIDED = _ROW.where(Roster.status == "approved", RosterRow.decision.in_(("approve", "reject"))).exists()
# Two nominations of a merged person may be in one class: who is enrolled by one is not open by the other.
_STANDS = (
    select(Enrolment.id)
    .where(
        Enrolment.class_id == Nomination.class_id,
        Enrolment.person_id == Nomination.person_id,
        Enrolment.status.not_in(ENDED),
    )
    .exists()
)
_OPEN = (Nomination.status == "nominated", ~_DECIDED, ~_STANDS)
_ON_A_ROSTER = _ROW.where(Roster.status.in_(OPEN)).exists()


def open_in(what: InstrumentedAttribute[T], class_id: str) -> Select[T]:
    """Select of the nominations of a class those that no approved roster has approved or rejected."""
    return select(what).where(Nomination.class_id == class_id, *_OPEN)


def waiting_in(*what: Any, class_id: str) -> Select[*tuple[Any, ...]]:
    """Select of the open nominations of a class those that are on no roster."""
    return select(*what).where(Nomination.class_id == class_id, *_OPEN, ~_ON_A_ROSTER)


async def count_room(session: AsyncSession, planned: PlannedClass) -> int:
    """Count the places that neither trainees nor rows of an open roster take, which may all be approved."""
    class_id = planned.state.id
    coming = (
        select(func.count())
        .select_from(RosterRow)
        .join(Roster, Roster.id == RosterRow.roster_id)
        .outerjoin(Enrolment, Enrolment.id == RosterRow.replaces_enrolment_id)
        .where(
            Roster.class_id == class_id,
            Roster.status.in_(OPEN),
            or_(RosterRow.decision.is_(None), RosterRow.decision == "approve"),
            or_(Enrolment.id.is_(None), Enrolment.status != "enrolled"),
        )
    )
    taken = await count_enrolled(session, class_id) + (await session.scalar(coming) or 0)
    return max(planned.state.capacity - taken, 0)
