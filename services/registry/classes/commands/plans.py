"""The training plan: put by who holds the class, agreed by whom the pack names (C32)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.documents import Document, held_plan, keep_plan, plan_of, says_the_same
from services.registry.classes.domain import (
    EDITABLE,
    FILED,
    PlanAlreadyAgreed,
    PlanMissing,
    check_completion,
    check_in,
)
from services.registry.classes.queries import view_of
from services.registry.classes.schemas import ClassView, PutTrainingPlan
from services.registry.classes.states import lock_for, lock_own, restate
from services.registry.organisations.queries import get_organisations
from shared.caller import Caller
from shared.events.policy import ConceptAbsent, PolicyPack
from shared.sealed import Sealer


async def put_training_plan(
    session: AsyncSession,
    class_id: str,
    asked: PutTrainingPlan,
    *,
    caller: Caller,
    sealer: Sealer,
    now: datetime,
    if_match: int | None,
) -> None:
    """Replace the plan of a class that is not filed; its lead and its filer may.

    Who puts the same plan again, not having heard the answer, changes nothing.
    """
    row, pack = await lock_own(session, class_id, caller, if_match, "lead_id", "filed_by")
    check_in(class_id, row.status, EDITABLE, "training-plan")
    written = await check_plan(session, asked, pack, sealer)
    if not says_the_same(held_plan(row.plan), written, sealer):
        keep_plan(row, written)
        await restate(session, row, now)


async def check_plan(
    session: AsyncSession, asked: PutTrainingPlan, pack: PolicyPack, sealer: Sealer
) -> Document:
    """Hold a plan to the words and minimums of its pack; answer it as it is kept."""
    _check_vocabulary(asked, pack)
    written = plan_of(asked, sealer)
    check_completion(
        min_minutes=asked.completion.min_minutes,
        min_attendance_percent=asked.completion.min_attendance_percent,
        planned_minutes=written["planned_minutes"],
        least_minutes=pack.completion.min_minutes if pack.completion else 0,
        least_percent=pack.completion.min_attendance_percent if pack.completion else 0,
    )
    await get_organisations(session, asked.consenting_ids)
    return written


async def agree_training_plan(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Agree to the plan of a filed class; from now on it may be approved."""
    row, pack = await lock_for(session, class_id, caller, if_match, act="agree_training_plans")
    if pack.training_plan is None:
        raise ConceptAbsent("training_plan", row.cycle_id)
    check_in(class_id, row.status, {FILED}, "agreement")
    if row.plan is None:
        raise PlanMissing(class_id)
    if row.plan.agreed_at is not None:
        raise PlanAlreadyAgreed(class_id)
    row.plan.agreed_at, row.plan.agreed_by = now, caller.principal
    await restate(session, row, now)
    return view_of(row)


def _check_vocabulary(asked: PutTrainingPlan, pack: PolicyPack) -> None:
    """Refuse modes, directions and tags that the cycle does not have (C11, C12, C41)."""
    for course in asked.courses:
        if course.mode is not None:
            pack.session_mode(course.mode)
        for direction in course.directions:
            pack.course_direction(direction)
        for tag in course.tags:
            pack.curriculum_tag(tag)
