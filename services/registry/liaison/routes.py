"""HTTP in: liaison forms."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.registry.liaison import commands, queries
from services.registry.liaison.board import get_board, get_sheet
from services.registry.liaison.queries import Reader
from services.registry.liaison.schemas import (
    BoardView,
    LiaisonFormVersionView,
    LiaisonFormView,
    SubmitLiaisonForm,
)
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, keep_masked, router
from shared.paging import Page, Paging
from shared.schemas import Moment
from shared.workbook import WorkbookAnswer

routes = router(tags=["liaison forms"])


@routes.post(
    "/v1/liaison-forms",
    summary="Submit a liaison form",
    status_code=201,
    **callers(act="receive_liaison_forms", or_kinds=("department",)),
)
async def submit_liaison_form(
    body: SubmitLiaisonForm, request: Request, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> LiaisonFormView:
    """Answer for a department, or correct the answer; a late form is accepted and marked."""
    sealer = request.app.state.sealer
    form, version = await commands.submit_liaison_form(
        session, body, caller=caller, sealer=sealer, now=now, if_match=if_match
    )
    # A replay is kept for weeks, so it shows of the personal fields what a stranger sees.
    keep_masked(request, Reader.of_a_stranger(sealer).view(form, version))
    return (await Reader.of(session, caller, sealer)).view(form, version)


@routes.get("/v1/liaison-forms", summary="List liaison forms", **callers(signed_in=True))
async def list_liaison_forms(
    request: Request,
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[LiaisonFormView]:
    """List one's own form, or for who receives or tracks them those of all; a tracker sees no name."""
    reader = await Reader.of(session, caller, request.app.state.sealer)
    return await queries.list_forms(session, paging, reader, cycle_id=cycle_id)


@routes.get("/v1/liaison-forms/board", summary="Get the board of liaison forms", **callers(signed_in=True))
async def get_liaison_board(
    request: Request,
    session: Reading,
    caller: Asking,
    cycle_id: Annotated[str, Query(max_length=100)],
    since: Moment | None = None,
) -> BoardView:
    """Tell which departments answered, late or not, and which did not; a department sees its own line."""
    reader = await Reader.of(session, caller, request.app.state.sealer)
    return await get_board(session, reader, cycle_id=cycle_id, since=since)


@routes.get(
    "/v1/liaison-forms/workbook",
    summary="Export the liaison forms",
    response_class=WorkbookAnswer,
    **callers(act="track", or_kinds=("bureau", "department")),
)
async def export_liaison_forms(
    request: Request,
    session: Reading,
    caller: Asking,
    now: Now,
    cycle_id: Annotated[str, Query(max_length=100)],
) -> Response:
    """Export the newest forms of all departments, or one's own, as a workbook; a tracker sees no name."""
    reader = await Reader.of(session, caller, request.app.state.sealer)
    sheet = await get_sheet(session, reader, caller, cycle_id=cycle_id)
    return WorkbookAnswer.of(sheet, f"liaison-forms-{cycle_id}", now)


@routes.get("/v1/liaison-forms/{form_id}", summary="Get a liaison form", **callers(signed_in=True))
async def get_liaison_form(
    form_id: str, request: Request, session: Reading, caller: Asking
) -> LiaisonFormView:
    """Get the latest version of a form."""
    reader = await Reader.of(session, caller, request.app.state.sealer)
    return await queries.get_form(session, form_id, reader)


@routes.get(
    "/v1/liaison-forms/{form_id}/versions",
    summary="List the versions of a liaison form",
    **callers(signed_in=True),
)
async def list_liaison_form_versions(
    form_id: str, request: Request, session: Reading, caller: Asking, paging: Paging
) -> Page[LiaisonFormVersionView]:
    """List what was submitted, the first version first; nothing that was once submitted is lost."""
    reader = await Reader.of(session, caller, request.app.state.sealer)
    return await queries.list_versions(session, paging, reader, form_id)
