"""What designations can tell: who is designated, whether a class may rest on it, who bars an institution."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.designations.domain import SUSPENDED, DesignationUnknown, check_covered
from services.registry.designations.models import Designation
from services.registry.designations.schemas import DesignationView
from services.registry.organisations.queries import list_parents
from services.registry.suspensions import queries as suspensions
from services.registry.suspensions.domain import InstitutionSuspended
from services.registry.suspensions.models import Suspension
from shared.paging import AskedPage, Page, page


async def check_designated(
    session: AsyncSession, cycle_id: str, class_kind: str, institution_ids: Collection[str]
) -> None:
    """Refuse an institution without a designation in force for this kind of class.

    The designations stay locked to the end of the transaction: what rests on one cannot slip past
    its suspension, which locks classes first and designations after them, as whoever asks here does.
    """
    asked = (
        select(Designation)
        .where(Designation.cycle_id == cycle_id, Designation.institution_id.in_(institution_ids))
        .order_by(Designation.id)
        .with_for_update(read=True)
    )
    designations = {row.institution_id: row for row in await session.scalars(asked)}
    for institution_id in institution_ids:
        held = designations.get(institution_id)
        check_covered(institution_id, class_kind, () if held is None else held.class_kinds)
    suspended = [one for one in institution_ids if designations[one].status == SUSPENDED]
    if suspended:
        # Asked after the lock, so that what suspended them is there to be named.
        bars = await list_bars(session, cycle_id, suspended)
        raise refusal(suspended[0], bars[suspended[0]])


async def check_not_barred(session: AsyncSession, cycle_id: str, institution_id: str) -> None:
    """Refuse an institution that a suspension bars from the cycle (C39)."""
    for bar in (await list_bars(session, cycle_id, [institution_id])).values():
        raise refusal(institution_id, bar)


async def list_bars(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, Suspension]:
    """List which of these a suspension bars from the cycle, a member body with its federation (Q5)."""
    parents = await list_parents(session, institution_ids)
    named = await suspensions.list_bars(session, cycle_id, {*institution_ids, *parents.values()})
    bars = {one: named.get(one) or named.get(parents.get(one, one)) for one in institution_ids}
    return {one: bar for one, bar in bars.items() if bar is not None}


def refusal(institution_id: str, bar: Suspension) -> InstitutionSuspended:
    return InstitutionSuspended(institution_id, bar.id, bar.evaluation_id, bar.evaluated_cycle_id)


async def find_evaluations(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, str]:
    """Find the newest evaluation of each of these; a member body is evaluated with its federation (Q5)."""
    parents = await list_parents(session, institution_ids)
    judged = await suspensions.list_judged(session, cycle_id, {*institution_ids, *parents.values()})
    newest: dict[str, str] = {}
    for one in institution_ids:
        rounds = [*judged.get(one, ()), *judged.get(parents.get(one, one), ())]
        if rounds:
            newest[one] = max(rounds, key=lambda round_: round_.number).evaluation_id
    return newest


async def list_designated(session: AsyncSession, cycle_id: str, ids: Collection[str]) -> set[str]:
    """List which of these organisations have a designation of the cycle, in force or suspended."""
    held = select(Designation.institution_id).where(
        Designation.cycle_id == cycle_id, Designation.institution_id.in_(ids)
    )
    return set(await session.scalars(held))


async def get_designation(session: AsyncSession, designation_id: str) -> DesignationView:
    found = await session.get(Designation, designation_id)
    if found is None:
        raise DesignationUnknown(designation_id)
    return DesignationView.model_validate(found)


async def list_designations(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None, institution_id: str | None
) -> Page[DesignationView]:
    asked = select(Designation)
    if cycle_id is not None:
        asked = asked.where(Designation.cycle_id == cycle_id)
    if institution_id is not None:
        asked = asked.where(Designation.institution_id == institution_id)
    return await page(session, asked, [Designation.id], paging, DesignationView.model_validate)
