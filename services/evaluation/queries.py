"""What evaluation can tell: rounds, assignments and results, each as far as the caller sees them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.domain import RoundUnknown
from services.evaluation.models import Assignment, Attempt, Result, Round
from services.evaluation.schemas import (
    AssignmentView,
    IndicatorView,
    ReasonView,
    ResultView,
    RoundView,
    SchemeView,
    ScoreView,
    TieDecisionView,
    WholeRoundView,
)
from services.evaluation.scheme import get_scheme
from services.evaluation.sheets import to_text
from services.evaluation.sight import Sight, sight_of
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, page, to_page


async def list_rounds(
    session: AsyncSession, caller: Caller, paging: AskedPage, *, cycle_id: str | None
) -> Page[RoundView]:
    """List the rounds that the caller sees, oldest first."""
    sight = await sight_of(session, caller)
    seen = select(Round).where(sight.rounds())
    if cycle_id is not None:
        seen = seen.where(Round.cycle_id == cycle_id)
    keys = (Round.opened_at, Round.id)
    return await page(session, seen, keys, paging, lambda one: RoundView(**_facts(one, sight)))


async def get_round(session: AsyncSession, caller: Caller, round_id: str) -> WholeRoundView:
    """Show one round; what the caller may not see does not exist for it."""
    seen, sight = await _seen(session, caller, round_id)
    evaluated = select(Result.institution_id).where(Result.round_id == round_id)
    note = get_scheme(seen.scheme).note
    return WholeRoundView(
        **_facts(seen, sight),
        top_score=seen.top_score,
        decimals=seen.decimals,
        scheme=SchemeView(code=seen.scheme, note_zh=note.zh, note_en=note.en),
        indicators=[
            IndicatorView.model_validate({**one, "weight": to_text(one["weight"])}) for one in seen.indicators
        ],
        institution_ids=list(await session.scalars(evaluated.order_by(Result.institution_id))),
        conflict_ids=seen.conflict_ids,
        tie_decision=_tie_decision(seen, sight),
    )


async def list_assignments(
    session: AsyncSession, caller: Caller, round_id: str, paging: AskedPage
) -> Page[AssignmentView]:
    """List the assignments of a round: all to who supervises it, its own to an evaluator."""
    seen, sight = await _seen(session, caller, round_id)
    wanted = select(Assignment).where(Assignment.round_id == round_id)
    if not sight.supervises(seen):
        wanted = wanted.where(Assignment.evaluator_id == caller.organisation_id)
    return await page(session, wanted, (Assignment.id,), paging, AssignmentView.model_validate)


async def list_results(
    session: AsyncSession, caller: Caller, round_id: str, paging: AskedPage
) -> Page[ResultView]:
    """List the results of a round that the caller sees, with explanations and the sheets that count."""
    seen, sight = await _seen(session, caller, round_id)
    wanted = select(Result).where(Result.round_id == round_id, sight.results(seen))
    keys = (Result.institution_id,)
    rows = (await session.scalars(apply(wanted, keys, paging))).all()
    sheets = await _sheets(session, rows)
    return to_page(rows, keys, paging, lambda one: _result(one, sheets.get(one.id, [])))


async def _seen(session: AsyncSession, caller: Caller, round_id: str) -> tuple[Round, Sight]:
    sight = await sight_of(session, caller)
    found = await session.scalar(select(Round).where(Round.id == round_id, sight.rounds()))
    if found is None:
        raise RoundUnknown(round_id)
    return found, sight


def _facts(one: Round, sight: Sight) -> dict[str, Any]:
    """Name the facts of a round; who is undecided is told like the results themselves."""
    told = {name: getattr(one, name) for name in RoundView.model_fields}
    return {**told, "undecided_ids": sight.undecided(one)}


def _tie_decision(one: Round, sight: Sight) -> TieDecisionView | None:
    if one.tie_decided_at is None or one.tie_reason is None or not sight.sees_all_results(one):
        return None
    return TieDecisionView(decided_at=one.tie_decided_at, reason=one.tie_reason)


async def _sheets(session: AsyncSession, rows: Sequence[Result]) -> dict[str, list[dict[str, Any]]]:
    """Read the sheets that count: the latest attempt of each result."""
    latest = and_(Attempt.result_id == Result.id, Attempt.number == Result.attempts)
    wanted = select(Attempt.result_id, Attempt.sheet).join(Result, latest)
    found = await session.execute(wanted.where(Result.id.in_([one.id for one in rows])))
    return {row.result_id: row.sheet for row in found}


def _result(one: Result, sheet: Sequence[dict[str, Any]]) -> ResultView:
    return ResultView(
        id=one.id,
        institution_id=one.institution_id,
        attempts=one.attempts,
        total=None if one.total is None else to_text(one.total),
        rank=one.rank,
        suspended=one.suspended,
        ground=one.ground,
        reasons=[ReasonView.model_validate(reason) for reason in one.reasons],
        scores=[ScoreView(**{**score, "score": to_text(score["score"])}) for score in sheet],
        version=one.version,
    )
