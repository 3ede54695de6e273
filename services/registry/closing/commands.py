"""What can be asked of a cycle that has come to its end: to be closed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.closing.domain import (
    ClassesUnfinished,
    EvaluationNotFinal,
    RostersOpen,
    check_none_left,
)
from services.registry.closing.queries import list_open_rosters, list_unfinished, list_unjudged
from services.registry.cycles.commands import end_cycle, lock_active
from services.registry.cycles.queries import get_pack
from shared.caller import Caller
from shared.copywatch import RestsOnCopy


async def close_cycle(
    session: AsyncSession, cycle_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> None:
    """Close a cycle in which nothing is left to be done, for good.

    The lock of the cycle makes what is found hold: who drafts a class, designates or applies shares it.
    """
    cycle, kept = await lock_active(session, cycle_id, if_match)
    check_none_left(ClassesUnfinished, cycle_id, await list_unfinished(session, cycle_id))
    rosters = await list_open_rosters(session, cycle_id)
    try:
        check_none_left(RostersOpen, cycle_id, rosters)
    except RostersOpen as refusal:
        raise RestsOnCopy(refusal, *rosters[min(rosters)]) from None
    if (await get_pack(session, cycle_id)).pack.evaluation is not None:
        check_none_left(EvaluationNotFinal, cycle_id, await list_unjudged(session, cycle_id))
    await end_cycle(session, cycle, kept, caller=caller, now=now)
