"""What teaching bases can tell: to everybody which there are, to commands whether a visit may rest on one."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.bases.domain import END_REASONS, BaseNotValid, BaseUnknown, is_valid
from services.registry.bases.models import TeachingBase
from services.registry.bases.schemas import BaseView
from shared.paging import AskedPage, Page, page


async def check_bases_valid(session: AsyncSession, visits: Collection[tuple[str, date]]) -> None:
    """Refuse a visit of a base, by its id, that is not known, or that on the day of the visit is none.

    The bases stay locked to the end of the transaction, in the order of their ids: what rests on one cannot
    slip past its end.
    """
    if not visits:
        return
    base_ids = {base_id for base_id, _ in visits}
    asked = select(TeachingBase).where(TeachingBase.id.in_(base_ids)).order_by(TeachingBase.id)
    found = {row.id: row for row in await session.scalars(asked.with_for_update(read=True))}
    for base_id, on in sorted(visits):
        row = found.get(base_id)
        if row is None:
            raise BaseUnknown(base_id)
        if not is_valid(on, row.valid_from, row.valid_until, row.ended_on):
            raise BaseNotValid(base_id, on)


async def get_base(session: AsyncSession, base_id: str) -> BaseView:
    found = await session.get(TeachingBase, base_id)
    if found is None:
        raise BaseUnknown(base_id)
    return view_of(found)


async def list_bases(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None, department_id: str | None
) -> Page[BaseView]:
    asked = select(TeachingBase)
    if cycle_id is not None:
        asked = asked.where(TeachingBase.cycle_id == cycle_id)
    if department_id is not None:
        asked = asked.where(TeachingBase.department_id == department_id)
    return await page(session, asked, [TeachingBase.id], paging, view_of)


def view_of(row: TeachingBase) -> BaseView:
    """Show a base; the reason of its end is said in both languages."""
    zh, en = (None, None) if row.end_reason is None else END_REASONS[row.end_reason]
    told = {"end_zh": zh, "end_en": en}
    plain = {name: getattr(row, name) for name in BaseView.model_fields if name not in told}
    return BaseView(**plain, end_zh=zh, end_en=en)
