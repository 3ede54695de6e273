"""When a roster is too late: by the ledger of deadlines that the registry states, or when its class starts.

Which of the two, is said by the pack (Q15). An extension for one of those who run a class, its lead or
the department that filed it, holds for the class, whoever of them submits (C36).
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.plan import PlannedClass
from shared.copies import get_copy
from shared.edge import RestsOnCopy
from shared.events.envelope import Need, aggregate
from shared.events.policy.vocabulary import CLASS_START
from shared.events.registry import DeadlineState


@dataclass(frozen=True, slots=True)
class Closing:
    """The first instant that is too late, in the zone of the cycle, None where nothing is; and its copy."""

    at: datetime | None
    need: Need

    def refuse(self, refusal: Exception) -> RestsOnCopy:
        """Say no because of the time; a newer copy may put it off."""
        return RestsOnCopy(refusal, *self.need)


async def get_selection_closing(session: AsyncSession, planned: PlannedClass) -> Closing:
    """Find when the selection for a class closes.

    Until the ledger of a cycle has been heard of, the pack stands in for it: the ledger began as the pack
    says.
    """
    by_pack = planned.pack.selection_deadline(planned.state.kind, planned.state.starts_on)
    code = planned.pack.class_kind(planned.state.kind).selection_closes
    if code is None or code == CLASS_START:
        return Closing(by_pack, planned.need)
    deadline_id = DeadlineState.id_of(planned.state.cycle_id, code)
    copy = await get_copy(session, DeadlineState.RESOURCE, deadline_id)
    if copy is None:
        return Closing(by_pack, (aggregate(DeadlineState.RESOURCE, deadline_id), 0))
    told = DeadlineState.model_validate(copy.data)
    at = told.closes_for(planned.runners)
    local = None if at is None else at.astimezone(ZoneInfo(told.zone))
    return Closing(local, (copy.aggregate, copy.version))
