"""Closing a round: the outcome by the pack's rules; and deciding what they leave undecided (C39, Q3, Q4)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.commands.locking import lock_for, lock_round, results_of
from services.evaluation.domain import (
    check_all_scored,
    check_decider,
    check_open,
    check_tie_decision,
)
from services.evaluation.models import Attempt, Round
from services.evaluation.outcome import conclude, decided
from services.evaluation.sight import get_parties
from services.evaluation.states import result_states, round_state
from shared.caller import Caller
from shared.events.policy import Suspension
from shared.headers import check_version
from shared.outbox import record

NO_RULE = "block"
"""How unscored institutions are treated where the pack suspends nobody and so does not say (Q4)."""


async def close_round(
    session: AsyncSession, round_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> Round:
    """End the scoring of a round and draw the outcome, for an evaluator of it or who assigns evaluators."""
    locked = await lock_round(session, caller, round_id)
    closed = locked.round
    if round_id not in locked.sight.assigned:
        caller.require("assign_evaluator", locked.cycle.pack)
    check_version(closed.version, if_match)
    check_open(round_id, closed.status)
    results = await results_of(session, round_id)
    suspension = None if closed.suspension is None else Suspension.model_validate(closed.suspension)
    unscored = sorted(one.institution_id for one in results if one.total is None)
    check_all_scored(round_id, unscored, NO_RULE if suspension is None else suspension.unscored.treatment)
    verdicts = conclude({one.institution_id: one.total for one in results}, suspension)
    for one in results:
        verdict = verdicts[one.institution_id]
        one.rank, one.ground, one.clause = verdict.rank, verdict.ground, list(verdict.clause)
        one.reasons = [asdict(reason) for reason in verdict.reasons]
        one.version += 1
    closed.status, closed.closed_at, closed.closed_by = "scored", now, caller.principal
    closed.undecided_ids = sorted(one for one, verdict in verdicts.items() if verdict.undecided)
    closed.version += 1
    await session.flush()
    parties = await get_parties(session, round_id)
    await record(session, round_state(closed, parties, now), *result_states(results, closed, parties, now))
    return closed


async def decide_tie(
    session: AsyncSession,
    round_id: str,
    suspended_ids: Sequence[str],
    reason: str,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> Round:
    """Record which of the undecided are suspended, and why; the others are not (Q3)."""
    closed = (await lock_for(session, caller, round_id, if_match, act="decide_ties")).round
    check_tie_decision(round_id, closed.status, closed.undecided_ids, suspended_ids)
    scorers = select(Attempt.submitted_by).where(Attempt.round_id == round_id).distinct()
    check_decider(round_id, caller.principal, set(await session.scalars(scorers)))
    results = [
        one for one in await results_of(session, round_id) if one.institution_id in closed.undecided_ids
    ]
    for one in results:
        suspended = one.institution_id in suspended_ids
        told = decided(suspended=suspended, why=reason, clause=tuple(one.clause))
        one.reasons = [*one.reasons, asdict(told)]
        one.ground = "decision" if suspended else None
        one.version += 1
    closed.undecided_ids = []
    closed.tie_decided_at, closed.tie_decided_by, closed.tie_reason = now, caller.principal, reason
    closed.version += 1
    await session.flush()
    parties = await get_parties(session, round_id)
    await record(session, round_state(closed, parties, now), *result_states(results, closed, parties, now))
    return closed
