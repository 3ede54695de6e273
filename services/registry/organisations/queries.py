"""What organisations can tell: who is registered, which kinds there are, who hosts which office."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_in_force
from services.registry.organisations.domain import OrganisationUnknown
from services.registry.organisations.models import Office, Organisation
from services.registry.organisations.schemas import OfficeView, OrganisationView
from shared.events.policy import ORGANISATION_KINDS
from shared.paging import AskedPage, Page, page


async def list_kinds(session: AsyncSession) -> set[str]:
    """List the kinds of organisation: those of every cycle, and those that a pack in force adds."""
    added = (kind.code for pack in await list_packs_in_force(session) for kind in pack.organisation_kinds)
    return {*ORGANISATION_KINDS, *added}


async def get_organisation(session: AsyncSession, organisation_id: str) -> OrganisationView:
    found = await session.get(Organisation, organisation_id)
    if found is None:
        raise OrganisationUnknown(organisation_id)
    return OrganisationView.model_validate(found)


async def get_organisations(session: AsyncSession, ids: Iterable[str]) -> dict[str, Organisation]:
    """Get the rows of all these organisations; refused when one of them is unknown."""
    wanted = set(ids)
    rows = await session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))
    known = {row.id: row for row in rows}
    for organisation_id in sorted(wanted - known.keys()):
        raise OrganisationUnknown(organisation_id)
    return known


async def list_parents(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """List, for those of these organisations that are member bodies, the federation of each (Q5)."""
    asked = select(Organisation.id, Organisation.parent_id).where(
        Organisation.id.in_(ids), Organisation.parent_id.is_not(None)
    )
    return {row.id: row.parent_id for row in await session.execute(asked)}


async def list_members(session: AsyncSession, ids: Collection[str]) -> set[str]:
    """List the member bodies of these organisations (Q5)."""
    return set(await session.scalars(select(Organisation.id).where(Organisation.parent_id.in_(ids))))


async def list_organisations(
    session: AsyncSession, paging: AskedPage, *, kind: str | None, code: str | None, parent_id: str | None
) -> Page[OrganisationView]:
    asked = select(Organisation)
    if kind is not None:
        asked = asked.where(Organisation.kind == kind)
    if code is not None:
        asked = asked.where(Organisation.code == code)
    if parent_id is not None:
        asked = asked.where(Organisation.parent_id == parent_id)
    return await page(session, asked, [Organisation.id], paging, OrganisationView.model_validate)


async def list_offices(session: AsyncSession, paging: AskedPage) -> Page[OfficeView]:
    return await page(session, select(Office), [Office.id], paging, OfficeView.model_validate)


async def list_hosted(session: AsyncSession, organisation_id: str) -> frozenset[str]:
    """List the codes of the offices that an organisation hosts."""
    codes = await session.scalars(select(Office.code).where(Office.host_id == organisation_id))
    return frozenset(codes)
