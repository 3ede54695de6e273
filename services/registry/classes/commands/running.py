"""The life of an approved class: start, finish, cancel, and the heads that others count for it."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import check_ended, check_started, next_status
from services.registry.classes.queries import view_of
from services.registry.classes.revision_states import lapse_pending
from services.registry.classes.schemas import CancelClass, ClassView
from services.registry.classes.states import lock_classes, lock_own, lock_to_cancel, restate
from shared.caller import Caller
from shared.events.envelope import aggregate, fact
from shared.events.policy import PolicyPack
from shared.events.registry import ClassCancelled, ClassState
from shared.outbox import record


async def start_class(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Let an approved class begin, on its first day at the earliest; its lead does."""
    row, pack = await lock_own(session, class_id, caller, if_match, "lead_id")
    following = next_status(class_id, row.status, "start")
    check_started(class_id, row.starts_on, _today(pack, now))
    row.status = following
    await lapse_pending(session, row, now)
    await restate(session, row, now)
    return view_of(row)


async def finish_class(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Close a running class, on its last day at the earliest; its lead does."""
    row, pack = await lock_own(session, class_id, caller, if_match, "lead_id")
    following = next_status(class_id, row.status, "finish")
    check_ended(class_id, row.ends_on, _today(pack, now))
    row.status = following
    await restate(session, row, now)
    return view_of(row)


async def cancel_class(
    session: AsyncSession,
    class_id: str,
    asked: CancelClass,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> ClassView:
    """Call a class off as it was shown; its filer, its lead, or whoever approves classes may."""
    row = await lock_to_cancel(session, class_id, caller, if_match)
    row.status, row.reason = next_status(class_id, row.status, "cancellation"), asked.reason
    row.cancelled_for, row.cancelled_at, row.cancelled_by = asked.cause, now, caller.principal
    await lapse_pending(session, row, now)
    await restate(session, row, now)
    subject = aggregate(ClassState.RESOURCE, row.id)
    told = fact(
        ClassCancelled(class_id=row.id, cause=asked.cause, heads=row.approved_heads),
        subject=subject,
        at=now,
        cycle=row.cycle_id,
        revision=row.revision,
        needs=[(subject, row.version)],
    )
    await record(session, told)
    return view_of(row)


async def add_approved_heads(session: AsyncSession, heads: Mapping[str, int], now: datetime) -> None:
    """Add to the heads of these classes what an approved roster brings or a withdrawal takes (C06, Q7).

    A sum comes out the same in every order. Until the roster has arrived whose trainee already left, it
    may be below zero; nothing rests on it.
    """
    moved = {class_id: number for class_id, number in heads.items() if number}
    for row in await lock_classes(session, moved.keys()):
        row.approved_heads += moved[row.id]
        await restate(session, row, now)


def _today(pack: PolicyPack, now: datetime) -> date:
    """Read the calendar of the cycle's zone."""
    return now.astimezone(ZoneInfo(pack.cycle.zone)).date()
