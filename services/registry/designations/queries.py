"""What designations can tell: to everybody who is designated, to classes whether theirs is in force."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.designations.domain import DesignationUnknown, check_in_force
from services.registry.designations.models import Designation
from services.registry.designations.schemas import DesignationView
from shared.paging import AskedPage, Page, page


async def check_designated(
    session: AsyncSession, cycle_id: str, class_kind: str, institution_ids: Collection[str]
) -> None:
    """Refuse an institution without a designation in force for this kind of class.

    The designations stay locked to the end of the transaction: what rests on one cannot slip past
    its suspension.
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
        status, kinds = (None, ()) if held is None else (held.status, held.class_kinds)
        check_in_force(institution_id, class_kind, status, kinds)


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
