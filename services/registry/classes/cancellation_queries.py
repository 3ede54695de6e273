"""What would become of a class that is cancelled, as far as the registry knows.

Nominations, rosters and enrolments are enrollment's; of those the heads approved are known here.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.cancellation import CAUSES, measure_falls
from services.registry.classes.domain import next_status
from services.registry.classes.models import Class
from services.registry.classes.schemas import CancellationPreview, CauseView, FallView
from services.registry.classes.states import find_to_cancel
from shared.caller import Caller
from shared.events.policy import PolicyPack


async def preview_cancellation(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime
) -> CancellationPreview:
    """Show to who may cancel a class what goes with it; its version is the one to rest on."""
    row, pack = await find_to_cancel(session, class_id, caller)
    next_status(class_id, row.status, "cancellation")
    counts = pack.class_kind(row.kind).counts_toward_target
    lost = row.approved_heads if counts else 0
    floors = [
        (floor.code, floor.zh, floor.en, floor.min_persons)
        for floor in pack.floors
        if floor.min_persons is not None and floor.attribute is None
    ]
    falls = measure_falls(floors, heads=await _heads(session, row.cycle_id, pack), lost=lost)
    today = now.astimezone(ZoneInfo(pack.cycle.zone)).date()
    return CancellationPreview(
        class_id=row.id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        number=row.number,
        status=row.status,
        title_zh=row.title_zh,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        days_to_start=(row.starts_on - today).days,
        seats=row.capacity,
        approved_heads=row.approved_heads,
        counts_toward_target=counts,
        heads_lost=lost,
        floors=[FallView.model_validate(fall) for fall in falls],
        organisation_ids=sorted(row.party_ids),
        planned_minutes=0 if row.plan is None else row.plan.planned_minutes,
        planned_visits=0 if row.plan is None else len(row.plan.base_visits),
        plan_agreed=row.plan is not None and row.plan.agreed_at is not None,
        coordinated=row.coordinated_at is not None,
        pending_revision_id=row.pending_revision_id,
        causes=[CauseView(code=code, zh=zh, en=en) for code, (zh, en) in CAUSES.items()],
        version=row.version,
    )


async def _heads(session: AsyncSession, cycle_id: str, pack: PolicyPack) -> int:
    """Count the heads approved in the cycle that count toward its target (C26)."""
    counting = [kind.code for kind in pack.class_kinds if kind.counts_toward_target]
    asked = select(func.coalesce(func.sum(Class.approved_heads), 0))
    heads = await session.scalar(asked.where(Class.cycle_id == cycle_id, Class.kind.in_(counting)))
    return int(heads or 0)
