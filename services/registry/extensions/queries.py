"""What extensions can tell: to the bureau and to who may give them all, to others those that are for them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack_told
from services.registry.deadlines.domain import DeadlineUnknown
from services.registry.deadlines.models import Deadline, DeadlineExtension, ExtendedOrganisation
from services.registry.deadlines.queries import list_named
from services.registry.extensions.schemas import ExtensionView
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def show_extension(session: AsyncSession, row: DeadlineExtension) -> ExtensionView:
    named = await list_named(session, [row.id])
    return _view(row, named[row.id])


async def list_extensions(
    session: AsyncSession, paging: AskedPage, deadline_id: str, caller: Caller
) -> Page[ExtensionView]:
    """List the extensions of a deadline that the caller may read, the first one first."""
    deadline = await session.get(Deadline, deadline_id)
    if deadline is None:
        raise DeadlineUnknown(deadline_id)
    pack = (await get_pack_told(session, deadline.cycle_id)).pack
    reads_all = caller.kind == "bureau" or caller.holds("extend_deadlines", pack)
    seen = true() if reads_all else _concerns(caller)
    asked = select(DeadlineExtension).where(DeadlineExtension.deadline_id == deadline_id, seen)
    rows = await page(session, asked, [DeadlineExtension.number], paging, lambda row: row)
    named = await list_named(session, [row.id for row in rows.items])
    return Page(items=[_view(row, named[row.id]) for row in rows.items], next=rows.next)


def _concerns(caller: Caller) -> ColumnElement[bool]:
    names_caller = select(ExtendedOrganisation.extension_id).where(
        ExtendedOrganisation.organisation_id == caller.organisation_id
    )
    return or_(DeadlineExtension.for_all, DeadlineExtension.id.in_(names_caller))


def _view(row: DeadlineExtension, named: Sequence[str]) -> ExtensionView:
    return ExtensionView(
        id=row.id,
        deadline_id=row.deadline_id,
        number=row.number,
        revision=row.revision,
        until=row.until,
        closes_at=row.closes_at,
        organisation_ids=list(named),
        reason=row.reason,
        given_at=row.given_at,
        given_by=row.given_by,
        principal=row.principal,
    )
