"""The round, locked for a change: by whom, in which cycle, seen how."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.domain import RoundUnknown
from services.evaluation.models import Result, Round
from services.evaluation.plan import Cycle, get_cycle, judged_by
from services.evaluation.sight import Sight, sight_of
from shared.caller import Caller
from shared.headers import check_version


@dataclass(frozen=True, slots=True)
class Locked:
    """A round to the end of the transaction, with its cycle and what the caller sees of it.

    The pack of the cycle is that of the revision under which the round was opened.
    """

    round: Round
    cycle: Cycle
    sight: Sight


async def lock_round(session: AsyncSession, caller: Caller, round_id: str) -> Locked:
    """Lock a round that the caller may see; unknown and unseen are the same answer."""
    sight = await sight_of(session, caller)
    seen = select(Round).where(Round.id == round_id, sight.rounds())
    found = await session.scalar(seen.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise RoundUnknown(round_id)
    cycle = await get_cycle(session, found.cycle_id)
    return Locked(found, await judged_by(session, cycle, found.revision), sight)


async def lock_for(
    session: AsyncSession, caller: Caller, round_id: str, if_match: int | None, *, act: str
) -> Locked:
    """Lock a round for the one to whom its cycle's pack gives the act."""
    locked = await lock_round(session, caller, round_id)
    caller.require(act, locked.cycle.pack)
    check_version(locked.round.version, if_match)
    return locked


async def results_of(session: AsyncSession, round_id: str) -> Sequence[Result]:
    """Get all results of a locked round, to be changed with it."""
    results = select(Result).where(Result.round_id == round_id).order_by(Result.id)
    return (await session.scalars(results)).all()
