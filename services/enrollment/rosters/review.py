"""Reviewing a submitted roster: a decision per row, and the return of the whole (C37)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.plan import PlannedClass, judged_by
from services.enrollment.rosters.commands import changed, lock_roster
from services.enrollment.rosters.domain import (
    REVIEW,
    ReasonMissing,
    RowDecidedTwice,
    RowUnknown,
    check_decided_once,
    check_decision,
    check_reason,
    check_reviewer,
    check_under_review,
)
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.schemas import DecidedRow, DecideRow, Decision
from shared.bulk import ItemResult, Results, refused
from shared.caller import Caller


async def decide_rows(
    session: AsyncSession, caller: Caller, roster_id: str, decisions: Sequence[DecideRow], now: datetime
) -> Results[DecidedRow]:
    """Decide rows, each by itself and again as often as the reviewer likes until the roster is closed."""
    roster, planned = await lock_for_review(session, caller, roster_id, None)
    positions = [decision.position for decision in decisions]
    known = set(
        await session.scalars(
            select(RosterRow.position).where(
                RosterRow.roster_id == roster_id, RosterRow.position.in_(positions)
            )
        )
    )
    results: list[ItemResult[DecidedRow]] = []
    taken: dict[int, dict[str, object]] = {}
    for index, one in enumerate(decisions):
        try:
            check_decision(roster_id, one.position, one.decision, one.reason, known)
            check_decided_once(one.position, taken)
        except (RowUnknown, RowDecidedTwice, ReasonMissing) as refusal:
            results.append(refused(index, refusal))
            continue
        taken[one.position] = {
            "roster_id": roster_id,
            "position": one.position,
            "decision": one.decision,
            "reason": one.reason,
            "decided_by": caller.principal,
        }
        decided = DecidedRow(position=one.position, decision=one.decision)
        results.append(ItemResult(index=index, status=200, value=decided))
    if taken:
        await session.execute(update(RosterRow), list(taken.values()))
        roster.approved_rows = await _count_approved(session, roster_id)
        await changed(session, roster, planned, now)
    return Results(results=results)


async def decide_remaining(
    session: AsyncSession,
    caller: Caller,
    roster_id: str,
    decision: Decision,
    reason: str | None,
    now: datetime,
    if_match: int | None,
) -> Roster:
    """Decide every row that has no decision yet, in one statement; where none is left nothing changes."""
    roster, planned = await lock_for_review(session, caller, roster_id, if_match)
    undecided = (RosterRow.roster_id == roster_id, RosterRow.decision.is_(None))
    first = await session.scalar(select(func.min(RosterRow.position)).where(*undecided))
    if first is None:
        return roster
    check_reason(first, decision, reason)
    decided = update(RosterRow).where(*undecided)
    decided = decided.values(decision=decision, reason=reason, decided_by=caller.principal)
    await session.execute(decided, execution_options={"synchronize_session": False})
    roster.approved_rows = await _count_approved(session, roster_id)
    await changed(session, roster, planned, now)
    return roster


async def return_roster(
    session: AsyncSession, caller: Caller, roster_id: str, reason: str, now: datetime, if_match: int | None
) -> Roster:
    """Give a roster back with a reason; the class may then draft the next one."""
    roster, planned = await lock_for_review(session, caller, roster_id, if_match)
    roster.return_reason = reason
    close(roster, "returned", caller, now)
    await changed(session, roster, planned, now)
    return roster


async def lock_for_review(
    session: AsyncSession, caller: Caller, roster_id: str, if_match: int | None
) -> tuple[Roster, PlannedClass]:
    """Lock a roster for whom the revision of its submission names, with its class as that one judges it."""
    roster, newest = await lock_roster(session, caller, roster_id, if_match)
    planned = await judged_by(session, newest, roster.revision)
    caller.require(REVIEW, planned.pack)
    check_under_review(roster_id, roster.status)
    check_reviewer(roster_id, caller.principal, roster.submitted_by)
    return roster, planned


def close(roster: Roster, status: str, caller: Caller, now: datetime) -> None:
    roster.status = status
    roster.reviewed_by = caller.principal
    roster.reviewed_for = caller.organisation_id
    roster.reviewed_at = now


async def _count_approved(session: AsyncSession, roster_id: str) -> int:
    approved = select(func.count()).where(RosterRow.roster_id == roster_id, RosterRow.decision == "approve")
    return await session.scalar(approved) or 0
