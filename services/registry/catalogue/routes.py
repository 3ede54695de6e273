"""HTTP in: the public catalogue. It asks for no token, and any cache may keep it for a minute (C17, C24)."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.registry.catalogue import queries
from services.registry.catalogue.schemas import (
    CatalogueBaseView,
    CatalogueClassView,
    CatalogueCycleView,
    CatalogueInstitutionView,
)
from shared.cached import cached
from shared.caller import callers
from shared.edge import Reading, router
from shared.paging import Page, Paging

routes = router(tags=["catalogue"])

CycleAsked = Annotated[str | None, Query(max_length=100)]


@routes.get(
    "/v1/catalogue/cycles",
    summary="Show cycles and their rules",
    response_model=Page[CatalogueCycleView],
    **callers(anyone=True),
)
async def show_cycles(request: Request, session: Reading, paging: Paging) -> Response:
    """Show the cycles that are or were in force: notice, brand and rules in words, each with its clause."""
    edition = await queries.edition_of_cycles(session)
    return await cached(request, edition, lambda: queries.list_cycles(session, paging))


@routes.get(
    "/v1/catalogue/institutions",
    summary="Show institutions",
    response_model=Page[CatalogueInstitutionView],
    **callers(anyone=True),
)
async def show_institutions(
    request: Request, session: Reading, paging: Paging, cycle_id: CycleAsked = None
) -> Response:
    """Show who is designated in a cycle for which kinds of class, and who is suspended."""
    edition = await queries.edition_of_institutions(session)
    return await cached(
        request, edition, lambda: queries.list_institutions(session, paging, cycle_id=cycle_id)
    )


@routes.get(
    "/v1/catalogue/bases",
    summary="Show teaching bases",
    response_model=Page[CatalogueBaseView],
    **callers(anyone=True),
)
async def show_bases(
    request: Request,
    session: Reading,
    paging: Paging,
    cycle_id: CycleAsked = None,
    department: Annotated[
        str | None, Query(max_length=36, description="The department of the enterprise.")
    ] = None,
) -> Response:
    """Show the enterprises that are teaching bases, for which topics, and from when until when."""
    edition = await queries.edition_of_bases(session)
    return await cached(
        request,
        edition,
        lambda: queries.list_bases(session, paging, cycle_id=cycle_id, department=department),
    )


@routes.get(
    "/v1/catalogue/classes",
    summary="Show classes",
    response_model=Page[CatalogueClassView],
    **callers(anyone=True),
)
async def show_classes(
    request: Request,
    session: Reading,
    paging: Paging,
    cycle_id: CycleAsked = None,
    department: Annotated[
        str | None, Query(max_length=36, description="The department of the place.")
    ] = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
) -> Response:
    """Show classes that are approved, running or finished, with their dates; no people and no budget."""
    edition = await queries.edition_of_classes(session)
    return await cached(
        request,
        edition,
        lambda: queries.list_classes(session, paging, cycle_id=cycle_id, department=department, kind=kind),
    )
