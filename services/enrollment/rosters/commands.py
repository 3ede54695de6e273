"""Drafting and submitting rosters; what the reviewer does stands in `review.py` and `approval.py`.

Every change locks the roster's row first: of many that try the same, one succeeds and the others
are told what the roster has become.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.deadlines import get_selection_closing
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.rosters.domain import (
    CLASSES_TAKING_ROSTERS,
    OPEN,
    CapacityExceeded,
    ClassTakesNoRosters,
    RosterAlreadyOpen,
    RosterEmpty,
    RosterNotFound,
    SelectionDeadlinePassed,
    check_capacity,
    check_draft,
    check_in_time,
    rows_digest,
)
from services.enrollment.rosters.filling import fill
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.places import Mark
from services.enrollment.rosters.queries import count_enrolled
from services.enrollment.rosters.replacement import count_leaving
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
    marks: Sequence[Mark],
    now: datetime,
) -> Roster:
    """Begin the next roster of a class with these nominations, or with the first that there is room for.

    `marks` tell who takes whose place (Q8).
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
    await fill(session, roster, planned, nomination_ids, marks)
    await record(session, roster_state(roster, planned, now))
    return roster


async def replace_rows(
    session: AsyncSession,
    caller: Caller,
    roster_id: str,
    nomination_ids: Sequence[str] | None,
    marks: Sequence[Mark],
    now: datetime,
    if_match: int | None,
) -> Roster:
    """Fill a draft anew."""
    roster, planned = await lock_roster(session, caller, roster_id, if_match)
    planned.check_runner(caller)
    check_draft(roster_id, roster.status)
    await session.execute(delete(RosterRow).where(RosterRow.roster_id == roster_id))
    await fill(session, roster, planned, nomination_ids, marks)
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


async def changed(session: AsyncSession, roster: Roster, planned: PlannedClass, now: datetime) -> None:
    """Count the version up and state the roster as it is now."""
    roster.version += 1
    await session.flush()
    await record(session, roster_state(roster, planned, now))
