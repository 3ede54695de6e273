"""Approving a roster: one transaction makes the trainees, claims their heads and tells the others.

Set-based: the number of statements does not depend on the number of rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.nominations.models import Nomination
from services.enrollment.rosters.commands import check_room
from services.enrollment.rosters.domain import (
    CLASSES_TAKING_TRAINEES,
    ClassNotApproved,
    check_decisions,
    check_heads,
)
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.review import close, lock_for_review
from services.enrollment.rosters.states import roster_approved, roster_state
from shared.caller import Caller
from shared.database import upsert
from shared.events.enrollment import ApprovedRow
from shared.ids import new_id
from shared.outbox import record


@dataclass(frozen=True, slots=True)
class _Admitted:
    """A row that the reviewer approved."""

    enrolment_id: str
    position: int
    nomination_id: str
    person_id: str
    department_id: str
    enterprise_id: str
    second_enrolment_reason: str | None


async def approve_roster(
    session: AsyncSession, caller: Caller, roster_id: str, now: datetime, if_match: int | None
) -> Roster:
    """Make a roster final: enrol its approved rows, each person counting once in the cycle (Q7)."""
    roster, planned = await lock_for_review(session, caller, roster_id, if_match)
    if planned.state.status not in CLASSES_TAKING_TRAINEES:
        raise planned.refuse(ClassNotApproved(class_id=roster.class_id, state=planned.state.status))
    decisions = await session.execute(
        select(RosterRow.position, RosterRow.decision).where(RosterRow.roster_id == roster_id)
    )
    approved = check_decisions(roster_id, ((position, decision) for position, decision in decisions))
    await check_room(session, planned, len(approved))

    admitted = await _admitted(session, roster_id)
    heads: set[str] = set()
    # A class of a kind that does not count neither takes a head nor needs a reason for taking none (C26).
    if planned.adds_heads:
        heads = await _claim_heads(session, roster, admitted)
        check_heads(
            roster_id,
            ((one.position, one.person_id in heads, one.second_enrolment_reason) for one in admitted),
        )
    enrolments = [_enrolment(roster, one, head=one.person_id in heads, now=now) for one in admitted]
    session.add_all(enrolments)
    roster.approved_rows = len(admitted)
    roster.version += 1
    close(roster, "approved", caller, now)
    await session.flush()
    rows = [
        ApprovedRow(
            enrolment_id=one.id,
            person_id=one.person_id,
            department_id=one.department_id,
            position=one.position,
            head=one.head,
        )
        for one in enrolments
    ]
    await record(
        session,
        *roster_approved(roster, planned, rows, now),
        roster_state(roster, now),
        *(enrolment_state(one, now) for one in enrolments),
    )
    return roster


async def _admitted(session: AsyncSession, roster_id: str) -> list[_Admitted]:
    found = await session.execute(
        select(
            RosterRow.position,
            Nomination.id,
            Nomination.person_id,
            Nomination.department_id,
            Nomination.enterprise_id,
            Nomination.second_enrolment_reason,
        )
        .join(Nomination, Nomination.id == RosterRow.nomination_id)
        .where(RosterRow.roster_id == roster_id, RosterRow.decision == "approve")
        .order_by(RosterRow.position)
    )
    return [_Admitted(new_id(), *row) for row in found]


async def _claim_heads(session: AsyncSession, roster: Roster, admitted: Sequence[_Admitted]) -> set[str]:
    """Claim a head for everybody; tell for whom it was still free.

    A claim of another approval that is under way is waited for, in the order of persons, so that two
    rosters with the same people never wait in a circle.
    """
    claims = [
        {
            "cycle_id": roster.cycle_id,
            "person_id": one.person_id,
            "enrolment_id": one.enrolment_id,
            "class_id": roster.class_id,
            "roster_id": roster.id,
        }
        for one in sorted(admitted, key=lambda one: one.person_id)
    ]
    await session.execute(upsert(Head).on_conflict_do_nothing(), claims)
    return set(await session.scalars(select(Head.person_id).where(Head.roster_id == roster.id)))


def _enrolment(roster: Roster, one: _Admitted, *, head: bool, now: datetime) -> Enrolment:
    return Enrolment(
        id=one.enrolment_id,
        cycle_id=roster.cycle_id,
        revision=roster.revision,
        class_id=roster.class_id,
        person_id=one.person_id,
        nomination_id=one.nomination_id,
        roster_id=roster.id,
        position=one.position,
        department_id=one.department_id,
        enterprise_id=one.enterprise_id,
        head=head,
        enrolled_at=now,
    )
