"""Trainees leave a class (Q8): the enrolment stays as withdrawn, its head passes on or is freed (Q7).

Set-based: the number of statements does not depend on how many leave, but on the open activities for which
they were registered. Locks are taken in one order, people before enrolments before activities, so that
withdrawals, approvals and registrations never wait in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import SelectBase, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.places import leave_activities
from services.enrollment.enrolments.domain import ClassNotUnderWay, check_enrolled, check_under_way
from services.enrollment.enrolments.heads import lock_persons, pass_heads
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import get_visible_enrolment
from services.enrollment.enrolments.states import enrolment_state, trainee_withdrawn
from services.enrollment.plan import PlannedClass
from shared.caller import Caller
from shared.headers import check_version
from shared.outbox import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Who lets trainees leave, when and why; `successors` are the enrolments that take their places."""

    principal: str
    at: datetime
    reason: str | None = None
    successors: Mapping[str, str] = field(default_factory=dict)


async def withdraw_trainee(
    session: AsyncSession, caller: Caller, enrolment_id: str, reason: str, now: datetime, if_match: int | None
) -> Enrolment:
    """Let a trainee leave a class that is not over yet, at the word of who runs it."""
    enrolment, planned = await get_visible_enrolment(session, caller, enrolment_id, held=True)
    planned.check_runner(caller)
    person = select(Enrolment.person_id).where(Enrolment.id == enrolment_id)
    await lock_persons(session, person)
    known = await lock_enrolments(session, enrolment.cycle_id, person)
    check_version(enrolment.version, if_match)
    try:
        check_under_way(enrolment.class_id, planned.state.status)
    except ClassNotUnderWay as refusal:
        raise planned.refuse(refusal) from None
    check_enrolled(enrolment.id, enrolment.status)
    await release(
        session, planned, [enrolment], known, Leave(principal=caller.principal, at=now, reason=reason)
    )
    return enrolment


async def lock_enrolments(
    session: AsyncSession, cycle_id: str, person_ids: SelectBase
) -> Sequence[Enrolment]:
    """Read and lock all enrolments of locked people in a cycle, as they are now."""
    theirs = select(Enrolment).where(Enrolment.cycle_id == cycle_id, Enrolment.person_id.in_(person_ids))
    locked = theirs.order_by(Enrolment.id).with_for_update()
    return (await session.scalars(locked.execution_options(populate_existing=True))).all()


async def release(
    session: AsyncSession,
    planned: PlannedClass,
    leaving: Sequence[Enrolment],
    known: Sequence[Enrolment],
    leave: Leave,
) -> None:
    """Withdraw enrolled trainees of a class and tell it; `known` is what `lock_enrolments` found of them."""
    held = {one.id for one in leaving if one.head}
    for one in leaving:
        one.status = "withdrawn"
        one.withdrawn_at = leave.at
        one.withdrawn_by = leave.principal
        one.withdrawal_reason = leave.reason
        one.version += 1
    heirs = await pass_heads(session, planned.state.cycle_id, leaving, known)
    await session.flush()
    facts = [
        trainee_withdrawn(
            one,
            planned,
            head=one.id in held,
            heir=heirs.get(one.id),
            replaced_by=leave.successors.get(one.id),
            at=leave.at,
        )
        for one in leaving
    ]
    await record(
        session,
        *facts,
        *(enrolment_state(one, planned, leave.at) for one in leaving),
        *(enrolment_state(heir, its_class, leave.at) for heir, its_class in heirs.values()),
    )
    await leave_activities(session, [one.id for one in leaving], leave.at)
