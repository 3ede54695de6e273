"""What evaluation can state again for one consumer: everything that it owns and states."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.models import Assignment, Result, Round
from services.evaluation.sight import get_parties
from services.evaluation.states import assignment_state, result_states, round_state
from shared.events.envelope import Event
from shared.events.evaluation import AssignmentState, ResultState, RoundState
from shared.republish import Restated, next_rows


async def _rounds(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, Round, Round.id, after)
    return [round_state(one, await get_parties(session, one.id), at) for one in rows]


async def _assignments(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rounds = await _hold_rounds(session)
    rows = await next_rows(session, Assignment, Assignment.id, after)
    return [assignment_state(one, rounds[one.round_id], at) for one in rows]


async def _results(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rounds = await _hold_rounds(session)
    rows = await next_rows(session, Result, Result.id, after)
    parties = {one: await get_parties(session, one) for one in sorted({row.round_id for row in rows})}
    return [
        event
        for one in rows
        for event in result_states([one], rounds[one.round_id], parties[one.round_id], at)
    ]


async def _hold_rounds(session: AsyncSession) -> dict[str, Round]:
    """Hold all rounds, of which there are few, before what belongs to them, as every command does."""
    held = select(Round).order_by(Round.id).with_for_update(read=True)
    return {one.id: one for one in await session.scalars(held)}


RESTATED: Restated = {
    RoundState.RESOURCE: _rounds,
    AssignmentState.RESOURCE: _assignments,
    ResultState.RESOURCE: _results,
}
