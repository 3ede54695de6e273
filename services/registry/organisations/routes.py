"""HTTP in: organisations and offices."""

from typing import Annotated

from fastapi import Query, Request

from services.registry.organisations import commands, holders, links, queries
from services.registry.organisations.schemas import (
    AmendOrganisation,
    EndHolding,
    EndLink,
    OfficeHolderView,
    OfficeView,
    OrganisationLinkView,
    OrganisationView,
    RecordLink,
    RegisterOffice,
    RegisterOrganisation,
    SeatHolder,
)
from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, keep_masked, router
from shared.paging import Page, Paging

routes = router(tags=["organisations"])


@routes.post("/v1/organisations", summary="Register organisations", **callers(kinds=("operator", "bureau")))
async def register_organisations(
    body: Items[RegisterOrganisation], session: Writing, now: Now
) -> Results[OrganisationView]:
    """Register up to 1,000 organisations; each is answered by itself."""
    return await each(session, body.items, lambda asked: commands.register_organisation(session, asked, now))


@routes.get("/v1/organisations", summary="List organisations", **callers(signed_in=True))
async def list_organisations(
    session: Reading,
    paging: Paging,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    code: Annotated[str | None, Query(max_length=6)] = None,
    parent_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[OrganisationView]:
    """List organisations, all or those of one kind, code or federation; a code is compared as a whole."""
    return await queries.list_organisations(session, paging, kind=kind, code=code, parent_id=parent_id)


@routes.get("/v1/organisations/{organisation_id}", summary="Get an organisation", **callers(signed_in=True))
async def get_organisation(organisation_id: str, session: Reading) -> OrganisationView:
    """Get one organisation."""
    return await queries.get_organisation(session, organisation_id)


@routes.post(
    "/v1/organisations/{organisation_id}/amendment",
    summary="Amend the names of an organisation",
    **callers(kinds=("operator", "bureau")),
)
async def amend_organisation(
    organisation_id: str, body: AmendOrganisation, session: Writing, now: Now, if_match: IfMatch
) -> OrganisationView:
    """Give an organisation its new names, as a new version."""
    return await commands.amend_organisation(session, organisation_id, body, now=now, if_match=if_match)


@routes.post(
    "/v1/organisations/{organisation_id}/links",
    summary="Record a link of two organisations",
    status_code=201,
    **callers(kinds=("bureau",)),
)
async def record_organisation_link(
    organisation_id: str, body: RecordLink, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> OrganisationLinkView:
    """Put on record that two organisations are linked: neither evaluates the other while it lasts."""
    return await links.record_link(session, organisation_id, body, caller=caller, now=now, if_match=if_match)


@routes.post(
    "/v1/organisations/{organisation_id}/links/{link_id}/ending",
    summary="End a link of two organisations",
    **callers(kinds=("bureau",)),
)
async def end_organisation_link(
    organisation_id: str,
    link_id: str,
    body: EndLink,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
) -> OrganisationLinkView:
    """Write the last day of a link."""
    return await links.end_link(
        session, organisation_id, link_id, body, caller=caller, now=now, if_match=if_match
    )


@routes.get(
    "/v1/organisations/{organisation_id}/links",
    summary="List the links of an organisation",
    **callers(signed_in=True),
)
async def list_organisation_links(
    organisation_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[OrganisationLinkView]:
    """List with whom an organisation is or was linked; why is for the bureau and for the two."""
    return await links.list_links(session, paging, organisation_id, caller)


@routes.post("/v1/offices", summary="Register offices", **callers(kinds=("operator", "bureau")))
async def register_offices(body: Items[RegisterOffice], session: Writing, now: Now) -> Results[OfficeView]:
    """Register offices with the organisations that host them."""
    return await each(session, body.items, lambda asked: commands.register_office(session, asked, now))


@routes.get("/v1/offices", summary="List offices", **callers(signed_in=True))
async def list_offices(session: Reading, paging: Paging) -> Page[OfficeView]:
    """List offices and their hosts."""
    return await queries.list_offices(session, paging)


@routes.post(
    "/v1/offices/{office_id}/holders",
    summary="Seat somebody in an office",
    status_code=201,
    **callers(signed_in=True),
)
async def seat_office_holder(
    office_id: str,
    body: SeatHolder,
    request: Request,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
) -> OfficeHolderView:
    """Let somebody take a seat of an office; the bureau and the organisation that hosts it say who."""
    sealer = request.app.state.sealer
    holder = await holders.seat_holder(
        session, office_id, body, caller=caller, sealer=sealer, now=now, if_match=if_match
    )
    keep_masked(request, holders.view(holder, None))
    return holders.view(holder, sealer)


@routes.post(
    "/v1/offices/{office_id}/holders/{holder_id}/ending",
    summary="End somebody's time in an office",
    **callers(signed_in=True),
)
async def end_office_holding(
    office_id: str,
    holder_id: str,
    body: EndHolding,
    request: Request,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
) -> OfficeHolderView:
    """Write the last day of a holder."""
    holder = await holders.end_holding(
        session, office_id, holder_id, body.ends_on, caller=caller, now=now, if_match=if_match
    )
    keep_masked(request, holders.view(holder, None))
    return holders.view(holder, request.app.state.sealer)


@routes.get("/v1/offices/{office_id}/holders", summary="List who holds an office", **callers(signed_in=True))
async def list_office_holders(
    office_id: str, request: Request, session: Reading, caller: Asking, paging: Paging
) -> Page[OfficeHolderView]:
    """List who holds or held which seat, from when to when; names are for the bureau and the host."""
    sealer = request.app.state.sealer
    return await holders.list_holders(session, paging, office_id, caller=caller, sealer=sealer)
