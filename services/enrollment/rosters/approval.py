"""Approving a roster: one transaction makes the trainees, claims their heads and tells the others.

Whom a row replaces leaves first: the head is then free for the one who comes, and so is the place (Q8).

Set-based: the number of statements does not depend on the number of rows.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.departures.withdrawal import Leave, release
from services.enrollment.enrolments.heads import claim_heads, lock_persons
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.learning.commands import lock_departments, restate_sessions
from services.enrollment.nominations.models import Nomination
from services.enrollment.rosters.commands import check_room
from services.enrollment.rosters.domain import (
    CLASSES_TAKING_TRAINEES,
    ClassNotApproved,
    check_decisions,
    check_heads,
)
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.replacement import lock_replaced, people_of
from services.enrollment.rosters.review import close, lock_for_review
from services.enrollment.rosters.states import roster_approved, roster_state
from shared.caller import Caller
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
    replaces_enrolment_id: str | None


async def approve_roster(
    session: AsyncSession, caller: Caller, roster_id: str, now: datetime, if_match: int | None
) -> Roster:
    """Make a roster final: enrol its approved rows, each person counting once in the cycle (Q7, Q8)."""
    roster, planned = await lock_for_review(session, caller, roster_id, if_match)
    planned.check_cycle_open()
    if planned.state.status not in CLASSES_TAKING_TRAINEES:
        raise planned.refuse(ClassNotApproved(class_id=roster.class_id, state=planned.state.status))
    decisions = await session.execute(
        select(RosterRow.position, RosterRow.decision).where(RosterRow.roster_id == roster_id)
    )
    approved = check_decisions(roster_id, ((position, decision) for position, decision in decisions))
    await lock_persons(session, people_of(roster_id))
    leaving, known = await lock_replaced(session, roster)
    await check_room(session, planned, len(approved), len(leaving))

    admitted = await _admitted(session, roster_id)
    # A session that is planned meanwhile waits until it knows the departments of these trainees, too.
    departments = await lock_departments(session, planned)
    enrolments = [_enrolment(roster, one, now) for one in admitted]
    if leaving:
        successors = {one.replaces_enrolment_id: one.id for one in enrolments if one.replaces_enrolment_id}
        leave = Leave(principal=caller.principal, at=now, successors=successors)
        await release(session, planned, leaving, known, leave)
    # A class of a kind that does not count neither takes a head nor needs a reason for taking none (C26).
    if planned.adds_heads:
        await claim_heads(session, enrolments)
        reasons = (one.second_enrolment_reason for one in admitted)
        rows = zip(enrolments, reasons, strict=True)
        check_heads(roster_id, ((one.position, one.head, reason) for one, reason in rows))
    session.add_all(enrolments)
    roster.approved_rows = len(admitted)
    roster.version += 1
    close(roster, "approved", caller, now)
    await session.flush()
    told = [
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
        *roster_approved(roster, planned, told, now),
        roster_state(roster, planned, now),
        *(enrolment_state(one, planned, now) for one in enrolments),
    )
    await restate_sessions(session, planned, departments, now)
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
            RosterRow.replaces_enrolment_id,
        )
        .join(Nomination, Nomination.id == RosterRow.nomination_id)
        .where(RosterRow.roster_id == roster_id, RosterRow.decision == "approve")
        .order_by(RosterRow.position)
    )
    return [_Admitted(new_id(), *row) for row in found]


def _enrolment(roster: Roster, one: _Admitted, now: datetime) -> Enrolment:
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
        head=False,
        replaces_enrolment_id=one.replaces_enrolment_id,
        enrolled_at=now,
    )
