"""Scoring: an assigned evaluator hands in sheets, each an attempt; the latest of an institution counts (Q6).

Set-based: the number of statements does not depend on the number of sheets.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.commands.assigning import has_assignment
from services.evaluation.commands.locking import lock_round
from services.evaluation.domain import (
    IndicatorsMissing,
    IndicatorsRepeated,
    IndicatorsUnknown,
    InstitutionNotEvaluated,
    InstitutionScoredTwice,
    RoundUnknown,
    ScoreTooHigh,
    check_open,
    check_within_assignment,
)
from services.evaluation.models import Attempt, Result, Round
from services.evaluation.plan import get_organisations
from services.evaluation.schemas import AttemptView, ScoreSheet
from services.evaluation.sheets import Scale, check_indicators, read_scores, to_text, weighted_total
from services.evaluation.sight import get_parties
from services.evaluation.states import result_states, round_state
from shared.bulk import ItemResult, Results, refuse
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.outbox import record

_Refusal = (
    InstitutionNotEvaluated,
    InstitutionScoredTwice,
    IndicatorsMissing,
    IndicatorsRepeated,
    IndicatorsUnknown,
    ScoreTooHigh,
    RestsOnCopy,
)


async def submit_scores(
    session: AsyncSession, caller: Caller, round_id: str, sheets: Sequence[ScoreSheet], now: datetime
) -> Results[AttemptView]:
    """Take in one whole sheet per institution, between the days of the evaluator's assignment."""
    locked = await lock_round(session, caller, round_id)
    opened = locked.round
    assignment = await has_assignment(session, round_id, caller.organisation_id)
    if assignment is None:
        raise RoundUnknown(round_id)
    check_open(round_id, opened.status)
    today = locked.cycle.day_of(now)
    check_within_assignment(today, assignment.starts_on, assignment.ends_on)
    organisations = await get_organisations(session)
    known = await _results(session, round_id, sheets)
    answers: list[ItemResult[AttemptView]] = []
    attempts: dict[str, Attempt] = {}
    for index, sheet in enumerate(sheets):
        try:
            # A link may have been recorded since the assignment.
            organisations.check_unlinked(assignment.evaluator_id, {sheet.institution_id}, today, today)
            scores = _read(opened, sheet, known, attempts)
        except _Refusal as refusal:
            answers.append(refuse(session, index, refusal))
            continue
        result = known[sheet.institution_id]
        attempt = Attempt(
            result_id=result.id,
            round_id=round_id,
            number=result.attempts + 1,
            assignment_id=assignment.id,
            total=weighted_total(scores, _weights(opened), _scale(opened)),
            sheet=[
                {"indicator": one.indicator, "score": scores[one.indicator], "evidence": one.evidence}
                for one in sheet.scores
            ],
            submitted_at=now,
            submitted_by=caller.principal,
        )
        attempts[sheet.institution_id] = attempt
        answers.append(ItemResult(index=index, status=201, value=_view(sheet.institution_id, attempt)))
    if attempts:
        await _keep(session, opened, known, attempts, now)
    return Results(results=answers)


async def _results(session: AsyncSession, round_id: str, sheets: Sequence[ScoreSheet]) -> dict[str, Result]:
    named = {one.institution_id for one in sheets}
    found = select(Result).where(Result.round_id == round_id, Result.institution_id.in_(named))
    return {one.institution_id: one for one in await session.scalars(found)}


def _read(
    opened: Round, sheet: ScoreSheet, known: Mapping[str, Result], attempts: Mapping[str, Attempt]
) -> dict[str, int]:
    """Read a sheet, or refuse it."""
    if sheet.institution_id not in known:
        raise InstitutionNotEvaluated(sheet.institution_id)
    if sheet.institution_id in attempts:
        raise InstitutionScoredTwice(sheet.institution_id)
    check_indicators([one.indicator for one in sheet.scores], list(_weights(opened)))
    return read_scores({one.indicator: one.score for one in sheet.scores}, _scale(opened))


async def _keep(
    session: AsyncSession,
    opened: Round,
    known: Mapping[str, Result],
    attempts: Mapping[str, Attempt],
    now: datetime,
) -> None:
    changed = [known[one] for one in sorted(attempts)]
    newly = sum(one.attempts == 0 for one in changed)
    for one in changed:
        attempt = attempts[one.institution_id]
        one.attempts, one.total = attempt.number, attempt.total
        one.version += 1
    session.add_all(attempts.values())
    if newly:
        opened.scored += newly
        opened.version += 1
    await session.flush()
    parties = await get_parties(session, opened.id)
    told = [round_state(opened, parties, now)] if newly else []
    await record(session, *told, *result_states(changed, opened, parties, now))


def _weights(opened: Round) -> dict[str, int]:
    return {one["code"]: one["weight"] for one in opened.indicators}


def _scale(opened: Round) -> Scale:
    return Scale(opened.top_score, opened.decimals)


def _view(institution_id: str, attempt: Attempt) -> AttemptView:
    return AttemptView(institution_id=institution_id, attempt=attempt.number, total=to_text(attempt.total))
