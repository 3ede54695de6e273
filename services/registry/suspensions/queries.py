"""What suspensions can tell: to everybody who is suspended, to commands what bars and what replaces."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.suspensions.domain import IN_FORCE, Judged, SuspensionUnknown
from services.registry.suspensions.models import Judgement, Suspension
from services.registry.suspensions.schemas import SuspensionView
from shared.paging import AskedPage, Page, page


async def list_bars(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, Suspension]:
    """List the suspensions in force that name these institutions for this cycle; of two, the later one."""
    asked = select(Suspension).where(
        Suspension.barred_cycle_id == cycle_id,
        Suspension.status == IN_FORCE,
        Suspension.institution_id.in_(institution_ids),
    )
    rows = await session.scalars(asked.order_by(Suspension.decided_at, Suspension.id))
    return {row.institution_id: row for row in rows}


async def list_judged(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, list[Judged]]:
    """List what every final round of the cycle that was heard of came to about these institutions."""
    asked = select(Judgement).where(
        Judgement.cycle_id == cycle_id, Judgement.institution_id.in_(institution_ids)
    )
    found: dict[str, list[Judged]] = defaultdict(list)
    for row in await session.scalars(asked):
        found[row.institution_id].append(Judged(row.evaluation_id, row.number, row.suspended))
    return found


async def get_suspension(session: AsyncSession, suspension_id: str) -> SuspensionView:
    found = await session.get(Suspension, suspension_id)
    if found is None:
        raise SuspensionUnknown(suspension_id)
    return SuspensionView.model_validate(found)


async def list_suspensions(
    session: AsyncSession, paging: AskedPage, *, evaluated_cycle_id: str | None, institution_id: str | None
) -> Page[SuspensionView]:
    asked = select(Suspension)
    if evaluated_cycle_id is not None:
        asked = asked.where(Suspension.evaluated_cycle_id == evaluated_cycle_id)
    if institution_id is not None:
        asked = asked.where(Suspension.institution_id == institution_id)
    return await page(session, asked, [Suspension.id], paging, SuspensionView.model_validate)
