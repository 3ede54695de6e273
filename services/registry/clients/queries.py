"""What API clients can tell, to the operator and to their own organisation; never a secret."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.clients.domain import REVOCATION_LISTED, ClientUnknown
from services.registry.clients.models import ApiClient, ApiSecret
from services.registry.clients.schemas import ApiClientView, RevokedClientsView, SecretView
from services.registry.organisations.domain import OPERATOR
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def live_secrets(session: AsyncSession, client_id: str, now: datetime) -> list[ApiSecret]:
    """List the secrets of a client that still count, newest first."""
    found = await session.scalars(_live(now).where(ApiSecret.client_id == client_id))
    return list(found)


async def get_client(session: AsyncSession, client_id: str, now: datetime) -> ApiClientView:
    client = await session.get(ApiClient, client_id)
    if client is None:
        raise ClientUnknown(client_id)
    return view_of(client, await live_secrets(session, client_id, now))


async def find_client(session: AsyncSession, client_id: str, caller: Caller, now: datetime) -> ApiClientView:
    """Get a client for the operator or its own organisation; for others there is none."""
    client = await get_client(session, client_id, now)
    if caller.kind != OPERATOR and client.organisation_id != caller.organisation_id:
        raise ClientUnknown(client_id)
    return client


async def list_clients(
    session: AsyncSession, paging: AskedPage, caller: Caller, now: datetime
) -> Page[ApiClientView]:
    """List all clients for the operator, for others those of their organisation."""
    asked = select(ApiClient)
    if caller.kind != OPERATOR:
        asked = asked.where(ApiClient.organisation_id == caller.organisation_id)
    rows = await page(session, asked, [ApiClient.id], paging, lambda client: client)
    secrets: dict[str, list[ApiSecret]] = {}
    shown = [client.id for client in rows.items]
    for secret in await session.scalars(_live(now).where(ApiSecret.client_id.in_(shown))):
        secrets.setdefault(secret.client_id, []).append(secret)
    return Page(items=[view_of(client, secrets.get(client.id, ())) for client in rows.items], next=rows.next)


async def list_revoked(session: AsyncSession, now: datetime) -> RevokedClientsView:
    """List the clients of which a token may still run though they were revoked."""
    revoked = (
        select(ApiClient.id).where(ApiClient.revoked_at > now - REVOCATION_LISTED).order_by(ApiClient.id)
    )
    return RevokedClientsView(client_ids=list(await session.scalars(revoked)))


def view_of(client: ApiClient, secrets: Iterable[ApiSecret]) -> ApiClientView:
    return ApiClientView(
        id=client.id,
        organisation_id=client.organisation_id,
        name=client.name,
        offices=client.offices,
        secrets=[SecretView.model_validate(secret) for secret in secrets],
        revoked_at=client.revoked_at,
        version=client.version,
    )


def _live(now: datetime) -> Select[ApiSecret]:
    return (
        select(ApiSecret)
        .where(
            ApiSecret.retired_at.is_(None), or_(ApiSecret.expires_at.is_(None), ApiSecret.expires_at > now)
        )
        .order_by(ApiSecret.created_at.desc(), ApiSecret.id.desc())
    )
