"""A mark per cycle that rises with every designation and class of it that arrives.

What is refused because of all of them together rests on no single copy; resting on the mark, the request
waits for whatever is on its way, as it would for one copy.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from shared.copies import copies
from shared.database import upsert
from shared.events.registry import ClassState, DesignationState
from shared.listener import Brought

ARRIVALS = "evaluation.arrivals"
NONE_YET = 1
"""Where the mark stands before anything has arrived: a cycle of which nothing is known may be waited for."""

_COUNTED = frozenset({ClassState.state_type(), DesignationState.state_type()})
_RISEN = {"version": copies.c.version + 1}


async def mark_arrivals(session: AsyncSession, brought: Sequence[Brought]) -> None:
    """Let requests that came before their copies try again; `bring` has notified who waits."""
    cycles = {str(one.after.data["cycle_id"]) for one in brought if one.after.type in _COUNTED}
    # In one order: two runners mark overlapping cycles.
    marks = [
        {"aggregate": f"{ARRIVALS}/{one}", "resource": ARRIVALS, "version": NONE_YET + 1}
        for one in sorted(cycles)
    ]
    if marks:
        rising = upsert(copies).on_conflict_do_update(index_elements=["aggregate"], set_=_RISEN)
        await session.execute(rising, marks)
