"""Drafting and submitting rosters; what the reviewer does stands in `review.py` and `approval.py`.

Every change locks the roster's row first: of many that try the same, one succeeds and the others
are told what the roster has become.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.deadlines import get_selection_closing
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.rosters.domain import (
    CLASSES_TAKING_ROSTERS,
    OPEN,
    CapacityExceeded,
    ClassTakesNoRosters,
    NominationsNotOpen,
    RosterAlreadyOpen,
    RosterEmpty,
    RosterNotFound,
    SelectionDeadlinePassed,
    check_capacity,
    check_draft,
    check_in_time,
    check_marks,
    rows_digest,
)
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.queries import count_enrolled
from services.enrollment.rosters.replacement import check_replaced, count_leaving
from services.enrollment.rosters.states import roster_state
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.database import Database
from shared.headers import check_version
from shared.outbox import record


async def draft_roster(
    session: AsyncSession,
    caller: Caller,
    class_id: str,
    nomination_ids: Sequence[str] | None,
    marks: Sequence[tuple[str, str]],
    now: datetime,
) -> Roster:
    """Begin the next roster of a class with these nominations, or with all that are still open.

    `marks` are pairs of a nomination and the enrolment whose place it takes (Q8).
    """
    planned = await get_class(session, class_id, held=True)
    planned.check_runner(caller)
    planned.check_cycle_open()
    if planned.state.status not in CLASSES_TAKING_ROSTERS:
        raise planned.refuse(ClassTakesNoRosters(class_id=class_id, state=planned.state.status))
    # The lock makes the number and the check below hold; the index guards both whatever happens.
    await Database.exclusive(session, f"rosters of {class_id}")
    if await session.scalar(select(Roster.id).where(Roster.class_id == class_id, Roster.status.in_(OPEN))):
        raise RosterAlreadyOpen(class_id=class_id)
    last = await session.scalar(select(func.max(Roster.number)).where(Roster.class_id == class_id))
    roster = Roster(
        cycle_id=planned.state.cycle_id,
        revision=planned.cycle.state.revision,
        class_id=class_id,
        number=(last or 0) + 1,
        rows_sha256=rows_digest(()),
        drafted_at=now,
    )
    session.add(roster)
    await session.flush()
    await _fill(session, roster, nomination_ids, marks)
    await record(session, roster_state(roster, planned, now))
    return roster


async def replace_rows(
    session: AsyncSession,
    caller: Caller,
    roster_id: str,
    nomination_ids: Sequence[str] | None,
    marks: Sequence[tuple[str, str]],
    now: datetime,
    if_match: int | None,
) -> Roster:
    """Fill a draft anew."""
    roster, planned = await lock_roster(session, caller, roster_id, if_match)
    planned.check_runner(caller)
    check_draft(roster_id, roster.status)
    await session.execute(delete(RosterRow).where(RosterRow.roster_id == roster_id))
    await _fill(session, roster, nomination_ids, marks)
    await changed(session, roster, planned, now)
    return roster


async def submit_roster(
    session: AsyncSession, caller: Caller, roster_id: str, now: datetime, if_match: int | None
) -> Roster:
    """Hand a draft to the reviewer, in time (C36) and within the capacity of the class."""
    roster, planned = await lock_roster(session, caller, roster_id, if_match)
    planned.check_runner(caller)
    check_draft(roster_id, roster.status)
    planned.check_cycle_open()
    if planned.state.status not in CLASSES_TAKING_ROSTERS:
        raise planned.refuse(ClassTakesNoRosters(class_id=roster.class_id, state=planned.state.status))
    if not roster.rows:
        raise RosterEmpty(roster_id=roster_id)
    closing = await get_selection_closing(session, planned)
    try:
        check_in_time(roster.class_id, now, closing.at)
    except SelectionDeadlinePassed as refusal:
        raise closing.refuse(refusal) from None
    await check_room(session, planned, roster.rows, await count_leaving(session, roster_id))
    # What is submitted under a revision of the pack is judged and told under that one.
    roster.revision = planned.cycle.state.revision
    roster.status = "submitted"
    roster.submitted_by = caller.principal
    roster.submitted_for = caller.organisation_id
    roster.submitted_at = now
    await changed(session, roster, planned, now)
    return roster


async def lock_roster(
    session: AsyncSession, caller: Caller, roster_id: str, if_match: int | None
) -> tuple[Roster, PlannedClass]:
    """Lock a roster that the caller may see, with its class as the newest revision judges it.

    Unknown and unseen are the same answer.
    """
    class_id = await session.scalar(select(Roster.class_id).where(Roster.id == roster_id))
    if class_id is None:
        raise RosterNotFound(roster_id=roster_id)
    planned = await get_class(session, class_id, held=True)
    roster = await session.get_one(Roster, roster_id, with_for_update=True)
    judged = await judged_by(session, planned, roster.revision)
    if not scope_in_class(caller, planned, judged).covers_class(roster.class_id):
        raise RosterNotFound(roster_id=roster_id)
    check_version(roster.version, if_match)
    return roster, planned


async def check_room(session: AsyncSession, planned: PlannedClass, joining: int, leaving: int) -> None:
    """Refuse more trainees than the class has room for, as far as is known here."""
    staying = await count_enrolled(session, planned.state.id) - leaving
    try:
        check_capacity(planned.state.id, planned.state.capacity, staying, joining)
    except CapacityExceeded as refusal:
        raise planned.refuse(refusal) from None


async def _fill(
    session: AsyncSession,
    roster: Roster,
    nomination_ids: Sequence[str] | None,
    marks: Sequence[tuple[str, str]],
) -> None:
    """Put nominations on a draft: these in this order, or all open ones as they came in.

    Those that stand in for a trainee follow, unless they are there already.
    """
    replaced = check_marks(marks)
    await check_replaced(session, roster.class_id, replaced.values())
    closed = (
        select(RosterRow.nomination_id)
        .join(Roster, Roster.id == RosterRow.roster_id)
        .where(
            RosterRow.nomination_id == Nomination.id,
            Roster.status == "approved",
            RosterRow.decision.in_(("approve", "reject")),
        )
    )
    # Two nominations of a merged person may be in one class: who is enrolled by one is not open by the other.
    stands = select(Enrolment.id).where(
        Enrolment.class_id == Nomination.class_id,
        Enrolment.person_id == Nomination.person_id,
        Enrolment.status != "withdrawn",
    )
    found = await session.scalars(
        select(Nomination.id)
        .where(
            Nomination.class_id == roster.class_id,
            Nomination.status == "nominated",
            ~closed.exists(),
            ~stands.exists(),
        )
        .order_by(Nomination.number)
    )
    open_ids = list(found)
    chosen = list(dict.fromkeys([*(open_ids if nomination_ids is None else nomination_ids), *replaced]))
    if not_open := sorted(set(chosen) - set(open_ids)):
        raise NominationsNotOpen(class_id=roster.class_id, nomination_ids=not_open)
    rows = [
        {
            "roster_id": roster.id,
            "position": position,
            "nomination_id": nomination_id,
            "replaces_enrolment_id": replaced.get(nomination_id),
        }
        for position, nomination_id in enumerate(chosen, start=1)
    ]
    if rows:
        await session.execute(insert(RosterRow), rows)
    roster.rows = len(rows)
    roster.approved_rows = 0
    roster.rows_sha256 = rows_digest(
        (row["position"], row["nomination_id"], row["replaces_enrolment_id"]) for row in rows
    )


async def changed(session: AsyncSession, roster: Roster, planned: PlannedClass, now: datetime) -> None:
    """Count the version up and state the roster as it is now."""
    roster.version += 1
    await session.flush()
    await record(session, roster_state(roster, planned, now))
