"""Assigning an evaluator: independent of whom it evaluates, and inside the training period (C38, Q12)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.commands.locking import lock_for, results_of
from services.evaluation.domain import (
    TRAINING_STATUSES,
    EvaluatorAlreadyAssigned,
    OutsideTraining,
    TrainingNotApproved,
    check_dates,
    check_evaluator,
    check_independent,
    check_open,
    check_within_training,
)
from services.evaluation.models import Assignment
from services.evaluation.plan import Cycle, classes_of, get_organisations, list_classes, list_designated
from services.evaluation.schemas import AssignEvaluator
from services.evaluation.sight import Parties, get_parties
from services.evaluation.states import assignment_state, result_states, round_state
from shared.caller import Caller
from shared.events.registry import ClassState
from shared.outbox import record


async def assign_evaluator(
    session: AsyncSession,
    round_id: str,
    asked: AssignEvaluator,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> Assignment:
    """Assign an evaluator to an open round; from now on it sees the round and all its results."""
    locked = await lock_for(session, caller, round_id, if_match, act="assign_evaluator")
    opened, cycle = locked.round, locked.cycle
    check_open(round_id, opened.status)
    parties = await get_parties(session, round_id)
    if asked.evaluator_id in parties.evaluators:
        raise EvaluatorAlreadyAssigned(asked.evaluator_id)
    classes = await list_classes(session, opened.cycle_id)
    await _check_may_evaluate(session, asked, cycle, parties, classes)
    _check_days(asked, cycle, classes)
    assignment = Assignment(
        round_id=round_id,
        cycle_id=opened.cycle_id,
        evaluator_id=asked.evaluator_id,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        interests=sorted(set(asked.interests)),
        assigned_at=now,
        assigned_by=caller.principal,
    )
    session.add(assignment)
    # Who sees the round and its results has changed, so both are stated again.
    results = await results_of(session, round_id)
    for one in (opened, *results):
        one.version += 1
    await session.flush()
    widened = Parties(parties.evaluators | {asked.evaluator_id}, parties.bodies)
    await record(
        session,
        round_state(opened, widened, now),
        assignment_state(assignment, opened, now),
        *result_states(results, opened, widened, now),
    )
    return assignment


async def has_assignment(
    session: AsyncSession, round_id: str, organisation_id: str | None
) -> Assignment | None:
    """Find the assignment of an evaluator to a round."""
    mine = select(Assignment).where(
        Assignment.round_id == round_id, Assignment.evaluator_id == organisation_id
    )
    return await session.scalar(mine)


async def _check_may_evaluate(
    session: AsyncSession, asked: AssignEvaluator, cycle: Cycle, parties: Parties, classes: list[ClassState]
) -> None:
    organisations = await get_organisations(session)
    evaluator_id = asked.evaluator_id
    check_evaluator(evaluator_id, organisations.get(evaluator_id).kind)
    designated = await list_designated(session, cycle.state.id)
    evaluated = parties.evaluated
    organisations.check_unlinked(evaluator_id, evaluated, asked.starts_on, asked.ends_on)
    check_independent(
        evaluator_id,
        linked={one for one in (evaluator_id, *asked.interests) if organisations.kin_of(one) & evaluated},
        class_ids=classes_of(evaluator_id, classes),
        designated=evaluator_id in designated,
    )


def _check_days(asked: AssignEvaluator, cycle: Cycle, classes: list[ClassState]) -> None:
    check_dates(asked.starts_on, asked.ends_on)
    training = [(one.starts_on, one.ends_on) for one in classes if one.status in TRAINING_STATUSES]
    try:
        check_within_training(cycle.state.id, asked.starts_on, asked.ends_on, training)
    except (TrainingNotApproved, OutsideTraining) as refusal:
        raise cycle.refuse(refusal) from None
