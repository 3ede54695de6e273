"""The way of a class from its filer to its approval: file, coordinate, approve, return."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.readiness import check_ready, filing_of
from services.registry.classes.domain import (
    FILED,
    AlreadyCoordinated,
    CoordinationNotAsked,
    NotCoordinated,
    PlanNotAgreed,
    check_in,
    next_status,
)
from services.registry.classes.queries import view_of
from services.registry.classes.schemas import ClassView
from services.registry.classes.states import begin_anew, keep_version, lock_for, lock_own, restate
from services.registry.cycles.queries import get_pack
from shared.caller import Caller


async def file_class(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Hand a class in for review, with its plan and everyone's consent."""
    row, _ = await lock_own(session, class_id, caller, if_match, "filed_by")
    following = next_status(class_id, row.status, "filing")
    judged = await get_pack(session, row.cycle_id)
    await check_ready(session, filing_of(row), judged.pack)
    # What is filed under a revision of the pack is judged by that one to its end.
    row.revision = judged.revision
    row.status, row.reason = following, None
    await restate(session, row, now)
    return view_of(row)


async def coordinate_class(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Take a joint or commissioned class into the national coordination (C29)."""
    row, pack = await lock_for(session, class_id, caller, if_match, act="coordinate_commissioned_classes")
    if not pack.arrangement(row.kind, row.arrangement).coordinated:
        raise CoordinationNotAsked(class_id)
    check_in(class_id, row.status, {FILED}, "coordination")
    if row.coordinated_at is not None:
        raise AlreadyCoordinated(class_id)
    row.coordinated_at, row.coordinated_by = now, caller.principal
    await restate(session, row, now)
    return view_of(row)


async def approve_class(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Approve a filed class whose plan is agreed and which, if the pack asks it, was coordinated."""
    row, pack = await lock_for(session, class_id, caller, if_match, act="approve_classes")
    following = next_status(class_id, row.status, "approval")
    # Again, not only at filing: a designation may have been suspended since.
    await check_ready(session, filing_of(row), pack)
    if pack.training_plan is not None and (row.plan is None or row.plan.agreed_at is None):
        raise PlanNotAgreed(class_id)
    if pack.arrangement(row.kind, row.arrangement).coordinated and row.coordinated_at is None:
        raise NotCoordinated(class_id)
    row.status = following
    keep_version(session, row, by=caller.principal, at=now)
    await restate(session, row, now)
    return view_of(row)


async def return_class(
    session: AsyncSession, class_id: str, reason: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Give a filed class back for correction; agreement and coordination start anew."""
    row, _ = await lock_for(session, class_id, caller, if_match, act="approve_classes")
    row.status, row.reason = next_status(class_id, row.status, "return"), reason
    begin_anew(row)
    await restate(session, row, now)
    return view_of(row)
