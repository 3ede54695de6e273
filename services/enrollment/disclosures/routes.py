"""Persons over HTTP: masked, once in full, and who saw whom in full."""

from fastapi import Request

from services.enrollment.disclosures.commands import view_in_full
from services.enrollment.disclosures.queries import get_person, list_full_views
from services.enrollment.disclosures.schemas import (
    FullViewAnswer,
    FullViewRecord,
    PersonView,
    ViewInFull,
)
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, keep_masked, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["persons"])


@routes.get("/v1/persons/{person_id}", summary="Read one person, masked", **callers(signed_in=True))
async def read_person(person_id: str, session: Reading, caller: Asking, sealer: Sealing) -> PersonView:
    """Show a person as every list does, and into whom the person was merged."""
    return await get_person(session, caller, sealer, person_id)


@routes.post(
    "/v1/persons/{person_id}/full-views",
    summary="See a person in full",
    status_code=201,
    **callers(signed_in=True),
)
async def post_full_view(
    person_id: str,
    body: ViewInFull,
    request: Request,
    session: Writing,
    caller: Asking,
    sealer: Sealing,
    now: Now,
) -> FullViewAnswer:
    """Show a person unmasked, once, to the home department or who runs a class; the view is noted."""
    noted, person = await view_in_full(session, caller, sealer, person_id, body, now)
    record = FullViewRecord.model_validate(noted)
    # A repetition is answered by the record: the person is shown in one answer and kept in none.
    keep_masked(request, FullViewAnswer(**record.model_dump()))
    return FullViewAnswer(**record.model_dump(), person=person)


@routes.get("/v1/full-views", summary="List who saw whom in full", **callers(signed_in=True))
async def read_full_views(
    session: Reading, caller: Asking, paging: Paging, person_id: Id | None = None
) -> Page[FullViewRecord]:
    """Show the bureau all full views, and every organisation its own; newest first."""
    return await list_full_views(session, caller, person_id, paging)
