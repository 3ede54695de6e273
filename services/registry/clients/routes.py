"""HTTP in: API clients. A secret is shown in the answer that makes it and never again."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.clients import commands, queries
from services.registry.clients.commands import NewSecret
from services.registry.clients.schemas import ApiClientView, CreateApiClient, NewSecretView, RotateSecret
from shared.caller import Asking, callers
from shared.edge import IfMatch, Reading, Writing, keep_masked, router
from shared.paging import Page, Paging

routes = router(tags=["API clients"])


async def _real_time() -> datetime:
    """Credentials live in real time, whatever time a rehearsal plays."""
    return datetime.now(UTC)


RealNow = Annotated[datetime, Depends(_real_time)]


@routes.post(
    "/v1/api-clients", summary="Create an API client", status_code=201, **callers(kinds=("operator",))
)
async def create_api_client(
    body: CreateApiClient, request: Request, response: Response, session: Writing, now: RealNow
) -> NewSecretView:
    """Make a client of an organisation; a replayed request answers without the secret."""
    made = await commands.create_api_client(session, body, now=now)
    response.headers["Location"] = f"/v1/api-clients/{made.client_id}"
    return await _shown_once(request, response, session, made, now)


@routes.get("/v1/api-clients", summary="List API clients", **callers(signed_in=True))
async def list_api_clients(
    session: Reading, caller: Asking, paging: Paging, now: RealNow
) -> Page[ApiClientView]:
    """List all clients for the operator, for others those of their organisation."""
    return await queries.list_clients(session, paging, caller, now)


@routes.get("/v1/api-clients/{client_id}", summary="Get an API client", **callers(signed_in=True))
async def get_api_client(client_id: str, session: Reading, caller: Asking, now: RealNow) -> ApiClientView:
    """Get a client, for the operator or its own organisation."""
    return await queries.find_client(session, client_id, caller, now)


@routes.post(
    "/v1/api-clients/{client_id}/secrets",
    summary="Rotate the secret of an API client",
    status_code=201,
    **callers(signed_in=True),
)
async def rotate_secret(
    client_id: str,
    body: RotateSecret,
    request: Request,
    response: Response,
    session: Writing,
    caller: Asking,
    now: RealNow,
    if_match: IfMatch,
) -> NewSecretView:
    """Give a client a second live secret, for the operator or the client itself; the oldest ends."""
    made = await commands.rotate_secret(
        session, client_id, body.expires_at, caller=caller, now=now, if_match=if_match
    )
    return await _shown_once(request, response, session, made, now)


@routes.post(
    "/v1/api-clients/{client_id}/revocation",
    summary="Revoke an API client",
    **callers(kinds=("operator",)),
)
async def revoke_client(client_id: str, session: Writing, now: RealNow, if_match: IfMatch) -> ApiClientView:
    """End a client for good."""
    await commands.revoke_client(session, client_id, now=now, if_match=if_match)
    return await queries.get_client(session, client_id, now)


async def _shown_once(
    request: Request, response: Response, session: AsyncSession, made: NewSecret, now: datetime
) -> NewSecretView:
    client = await queries.get_client(session, made.client_id, now)
    masked = NewSecretView(**dict(client), client_id=client.id)
    keep_masked(request, masked)
    response.headers["Cache-Control"] = "no-store"
    return masked.model_copy(update={"secret": made.secret})
