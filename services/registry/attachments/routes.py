"""HTTP in: attachments. A file comes and goes as it is, part by part, and is never held whole."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.registry.attachments import commands, queries
from services.registry.attachments.domain import LARGEST, MEDIA_TYPES
from services.registry.attachments.schemas import AttachmentView
from shared.bodies import read_parts, streamed
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Name

routes = router(tags=["attachments"])

OwnerAsked = Annotated[
    str,
    Query(
        pattern=r"^(class|designation|organisation):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="What the file is of: `class:<id>`, `designation:<id>` or `organisation:<id>`.",
    ),
]


async def _receive(request: Request, caller: Asking, owner: OwnerAsked) -> AsyncIterator[commands.Received]:
    """Take the file in before the operation's transaction opens, for whom the owner is no stranger."""
    state, of = request.app.state, queries.owner_of(owner)
    async with state.database.read() as session:
        await queries.check_owner(session, of, caller)
    async with commands.receive(state.attachments, state.scanner, of, read_parts(request)) as received:
        yield received


Received = Annotated[commands.Received, Depends(_receive, scope="function")]


@routes.post(
    "/v1/attachments",
    summary="Upload an attachment",
    status_code=201,
    **streamed(callers(signed_in=True), most=LARGEST, media_types=(*MEDIA_TYPES.values(),)),
)
async def upload_attachment(
    request: Request,
    received: Received,  # before the session: the transaction opens when the file is there
    session: Writing,
    caller: Asking,
    now: Now,
    name: Annotated[
        Name | None, Query(description="What it is called; without the name of a person.")
    ] = None,
) -> AttachmentView:
    """Upload a file of at most 20 MiB as the body itself; its kind is told by its content, not its name."""
    store = request.app.state.attachments
    return await commands.keep_attachment(session, store, received, name, caller=caller, now=now)


@routes.get("/v1/attachments", summary="List attachments", **callers(signed_in=True))
async def list_attachments(
    session: Reading, caller: Asking, paging: Paging, owner: OwnerAsked
) -> Page[AttachmentView]:
    """List the files of a class, a designation or an organisation."""
    return await queries.list_attachments(session, paging, queries.owner_of(owner), caller)


@routes.get("/v1/attachments/{attachment_id}", summary="Get an attachment", **callers(signed_in=True))
async def get_attachment(attachment_id: str, session: Reading, caller: Asking) -> AttachmentView:
    """Tell of a file what it is of, its kind, size and hash."""
    return await queries.get_attachment(session, attachment_id, caller)


@routes.get(
    "/v1/attachments/{attachment_id}/content",
    summary="Download an attachment",
    response_class=StreamingResponse,
    **callers(signed_in=True),
)
async def download_attachment(
    attachment_id: str, request: Request, session: Reading, caller: Asking
) -> Response:
    """Get the file itself, to be saved and never shown in place."""
    told = await queries.get_attachment(session, attachment_id, caller)
    headers = {
        "content-disposition": f'attachment; filename="{told.id}.{told.kind}"',
        "content-length": str(told.size),
        "etag": f'"{told.sha256}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    content = request.app.state.attachments.read(told.id)
    return StreamingResponse(content, media_type=told.media_type, headers=headers)
