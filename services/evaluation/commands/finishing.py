"""Publishing the results of a round, and making it final (C38, C39)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.commands.locking import lock_for, results_of
from services.evaluation.domain import check_decided, check_published, check_scored
from services.evaluation.models import Round
from services.evaluation.sight import get_parties
from services.evaluation.states import final_facts, result_states, round_state
from shared.caller import Caller
from shared.outbox import record


async def publish_round(
    session: AsyncSession, round_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> Round:
    """Show each institution its own result."""
    published = (await lock_for(session, caller, round_id, if_match, act="assign_evaluator")).round
    check_scored(round_id, published.status)
    published.status, published.published_at, published.published_by = "published", now, caller.principal
    # Who sees the results has changed, so all of them are stated again.
    results = await results_of(session, round_id)
    for one in (published, *results):
        one.version += 1
    await session.flush()
    parties = await get_parties(session, round_id)
    await record(
        session, round_state(published, parties, now), *result_states(results, published, parties, now)
    )
    return published


async def finalise_round(
    session: AsyncSession, round_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> Round:
    """Make a published round final, and tell who is suspended for it; a tie must be decided before (Q3)."""
    locked = await lock_for(session, caller, round_id, if_match, act="assign_evaluator")
    final = locked.round
    check_published(round_id, final.status)
    check_decided(round_id, final.undecided_ids)
    final.status, final.finalised_at, final.finalised_by = "final", now, caller.principal
    final.version += 1
    results = await results_of(session, round_id)
    await session.flush()
    parties = await get_parties(session, round_id)
    await record(
        session, *final_facts(final, results, locked.cycle.needs, now), round_state(final, parties, now)
    )
    return final
