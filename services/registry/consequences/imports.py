"""Suspensions of before: decided about cycles that the platform never ran, and brought in by the bureau."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.consequences.commands import carry_out
from services.registry.cycles.domain import CLOSED, CycleNotActive, CycleUnknown
from services.registry.cycles.models import Cycle
from services.registry.cycles.queries import find_follower
from services.registry.designations.domain import check_may_teach
from services.registry.organisations.queries import get_organisation
from services.registry.suspensions.domain import (
    CycleRanHere,
    ImportedOtherwise,
    check_barred,
    check_decided,
    status_of,
)
from services.registry.suspensions.models import Suspension
from services.registry.suspensions.schemas import ImportSuspension, SuspensionView
from services.registry.suspensions.states import hold, restate
from shared.ids import new_id

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the days of the notices are counted (Q1): no pack says it of a cycle that is loaded nowhere."""


async def import_suspension(session: AsyncSession, asked: ImportSuspension, now: datetime) -> SuspensionView:
    """Keep a suspension of before, once; from now on it bars like one that was decided here.

    What was imported before is answered as it stands now, be it lifted.
    """
    check_decided(asked.decided_on, now.astimezone(ZONE).date())
    institution = await get_organisation(session, asked.institution_id)
    check_may_teach(institution.id, institution.kind)
    await hold(session)
    known = await _find(session, asked)
    if known is not None:
        return SuspensionView.model_validate(known)
    if await session.get(Cycle, asked.evaluated_cycle_id) is not None:
        raise CycleRanHere(asked.evaluated_cycle_id)
    follower = await find_follower(session, asked.evaluated_cycle_id)
    if asked.barred_cycle_id is not None:
        await _check_barred(session, asked, asked.barred_cycle_id, follower)
    barred = asked.barred_cycle_id or follower
    identifier = new_id()
    made = Suspension(
        id=identifier,
        institution_id=asked.institution_id,
        evaluated_cycle_id=asked.evaluated_cycle_id,
        revision=None,
        evaluation_id=identifier,
        ground="decision",
        clause=[],
        status=status_of(barred),
        barred_cycle_id=barred,
        decided_at=now,
        imported=True,
        pinned=asked.barred_cycle_id is not None,
        document=asked.document,
        decided_on=asked.decided_on,
    )
    session.add(made)
    await restate(session, [made], now)
    await carry_out(session, [made], now)
    return SuspensionView.model_validate(made)


async def _find(session: AsyncSession, asked: ImportSuspension) -> Suspension | None:
    """Find the same import; another one of the institution and the past cycle contradicts it."""
    there = select(Suspension).where(
        Suspension.imported,
        Suspension.institution_id == asked.institution_id,
        Suspension.evaluated_cycle_id == asked.evaluated_cycle_id,
    )
    known = await session.scalar(there)
    if known is None:
        return None
    pinned = known.barred_cycle_id if known.pinned else None
    if (known.document, known.decided_on, pinned) != (
        asked.document,
        asked.decided_on,
        asked.barred_cycle_id,
    ):
        raise ImportedOtherwise(asked.institution_id, asked.evaluated_cycle_id, known.id)
    return known


async def _check_barred(
    session: AsyncSession, asked: ImportSuspension, barred_cycle_id: str, follower: str | None
) -> None:
    """Hold the cycle that is to be barred to one that is there, not over, and in its place."""
    cycle = await session.get(Cycle, barred_cycle_id)
    if cycle is None:
        raise CycleUnknown(barred_cycle_id)
    if cycle.status == CLOSED:
        raise CycleNotActive(barred_cycle_id, cycle.status)
    check_barred(asked.evaluated_cycle_id, barred_cycle_id, follows=cycle.follows, follower=follower)
