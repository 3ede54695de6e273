"""Links of organisations that are on record: who is linked with an institution does not evaluate it (Q12).

A link is stated with the organisation under which it is recorded and holds in both directions. That
organisation's row is locked to change one.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.organisations.domain import (
    LinkedAlready,
    LinkUnknown,
    OrganisationUnknown,
    check_link_open,
    check_linkable,
    check_term,
)
from services.registry.organisations.models import Organisation, OrganisationLink
from services.registry.organisations.queries import get_organisation
from services.registry.organisations.schemas import EndLink, OrganisationLinkView, RecordLink
from services.registry.organisations.states import organisation_state
from shared.caller import Caller
from shared.headers import check_version
from shared.outbox import record
from shared.paging import AskedPage, Page, page


async def record_link(
    session: AsyncSession,
    organisation_id: str,
    asked: RecordLink,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> OrganisationLinkView:
    """Put on record that two organisations are linked; one link of the two is open at a time."""
    check_linkable(organisation_id, asked.linked_id)
    await get_organisation(session, asked.linked_id)
    organisation = await _lock(session, organisation_id, if_match)
    standing = select(OrganisationLink.id).where(
        OrganisationLink.organisation_id == organisation_id,
        OrganisationLink.linked_id == asked.linked_id,
        OrganisationLink.ends_on.is_(None),
    )
    if (there := await session.scalar(standing)) is not None:
        raise LinkedAlready(organisation_id, asked.linked_id, there)
    link = OrganisationLink(
        organisation_id=organisation_id,
        linked_id=asked.linked_id,
        reason=asked.reason,
        starts_on=asked.starts_on,
        recorded_at=now,
        recorded_by=caller.principal,
    )
    session.add(link)
    await _restate(session, organisation, now)
    return _view(link, caller)


async def end_link(
    session: AsyncSession,
    organisation_id: str,
    link_id: str,
    asked: EndLink,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> OrganisationLinkView:
    """Write the last day of a link, with the reason; the link stays on record."""
    organisation = await _lock(session, organisation_id, if_match)
    link = await session.get(OrganisationLink, link_id, populate_existing=True)
    if link is None or link.organisation_id != organisation_id:
        raise LinkUnknown(link_id)
    check_link_open(link_id, link.ends_on)
    check_term(link.starts_on, asked.ends_on)
    link.ends_on, link.end_reason, link.ended_by = asked.ends_on, asked.reason, caller.principal
    await _restate(session, organisation, now)
    return _view(link, caller)


async def list_links(
    session: AsyncSession, paging: AskedPage, organisation_id: str, caller: Caller
) -> Page[OrganisationLinkView]:
    """List the links of an organisation, under whichever of the two they are recorded."""
    await get_organisation(session, organisation_id)
    either = or_(
        OrganisationLink.organisation_id == organisation_id, OrganisationLink.linked_id == organisation_id
    )
    asked = select(OrganisationLink).where(either)
    return await page(session, asked, [OrganisationLink.id], paging, lambda link: _view(link, caller))


async def links_of(
    session: AsyncSession, organisation_ids: Collection[str]
) -> dict[str, list[OrganisationLink]]:
    """List the links that are stated with each of these organisations, oldest first."""
    asked = select(OrganisationLink).where(OrganisationLink.organisation_id.in_(organisation_ids))
    found: dict[str, list[OrganisationLink]] = defaultdict(list)
    for link in await session.scalars(asked.order_by(OrganisationLink.id)):
        found[link.organisation_id].append(link)
    return found


async def _lock(session: AsyncSession, organisation_id: str, if_match: int | None) -> Organisation:
    row = await session.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise OrganisationUnknown(organisation_id)
    check_version(row.version, if_match)
    return row


async def _restate(session: AsyncSession, organisation: Organisation, now: datetime) -> None:
    organisation.version += 1
    await session.flush()
    links = await links_of(session, [organisation.id])
    await record(session, organisation_state(organisation, now, links[organisation.id]))


def _view(link: OrganisationLink, caller: Caller) -> OrganisationLinkView:
    view = OrganisationLinkView.model_validate(link)
    if caller.kind == "bureau" or caller.organisation_id in {link.organisation_id, link.linked_id}:
        return view
    return view.model_copy(update={"reason": None, "end_reason": None})
