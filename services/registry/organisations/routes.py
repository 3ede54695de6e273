"""HTTP in: organisations and offices."""

from typing import Annotated

from fastapi import Query

from services.registry.organisations import commands, queries
from services.registry.organisations.schemas import (
    OfficeView,
    OrganisationView,
    RegisterOffice,
    RegisterOrganisation,
)
from shared.bulk import Items, Results, each
from shared.caller import callers
from shared.edge import Now, Reading, Writing, router
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
) -> Page[OrganisationView]:
    """List organisations, all or those of one kind or code; a code is compared as a whole."""
    return await queries.list_organisations(session, paging, kind=kind, code=code)


@routes.get("/v1/organisations/{organisation_id}", summary="Get an organisation", **callers(signed_in=True))
async def get_organisation(organisation_id: str, session: Reading) -> OrganisationView:
    """Get one organisation."""
    return await queries.get_organisation(session, organisation_id)


@routes.post("/v1/offices", summary="Register offices", **callers(kinds=("operator", "bureau")))
async def register_offices(body: Items[RegisterOffice], session: Writing, now: Now) -> Results[OfficeView]:
    """Register offices with the organisations that host them."""
    return await each(session, body.items, lambda asked: commands.register_office(session, asked, now))


@routes.get("/v1/offices", summary="List offices", **callers(signed_in=True))
async def list_offices(session: Reading, paging: Paging) -> Page[OfficeView]:
    """List offices and their hosts."""
    return await queries.list_offices(session, paging)
