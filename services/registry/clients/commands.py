"""What can be asked of API clients: make one, rotate its secret, revoke it.

A secret leaves this module once, in the value that makes it; the database has its digest.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.clients.domain import (
    LIVE_SECRETS,
    ClientRevoked,
    ClientUnknown,
    OfficeHostedElsewhere,
    check_expiry,
    digest,
    new_secret,
)
from services.registry.clients.models import ApiClient, ApiSecret
from services.registry.clients.queries import live_secrets
from services.registry.clients.schemas import CreateApiClient
from services.registry.organisations.domain import OPERATOR, OfficeUnknown
from services.registry.organisations.models import Office
from services.registry.organisations.queries import get_organisation
from shared.caller import Caller
from shared.headers import check_version


@dataclass(frozen=True, slots=True)
class NewSecret:
    client_id: str
    secret: str


async def create_api_client(session: AsyncSession, asked: CreateApiClient, *, now: datetime) -> NewSecret:
    """Make a client of an organisation, speaking for offices that this one hosts."""
    check_expiry(asked.expires_at, now)
    await get_organisation(session, asked.organisation_id)
    await _check_offices(session, asked.organisation_id, asked.offices)
    client = ApiClient(
        organisation_id=asked.organisation_id,
        name=asked.name,
        offices=sorted(set(asked.offices)),
        created_at=now,
    )
    return await add_client(session, client, expires_at=asked.expires_at, now=now)


async def add_client(
    session: AsyncSession, client: ApiClient, *, expires_at: datetime | None, now: datetime
) -> NewSecret:
    """Keep a client with its first secret."""
    session.add(client)
    await session.flush()
    return await _add_secret(session, client, expires_at, now)


async def rotate_secret(
    session: AsyncSession,
    client_id: str,
    expires_at: datetime | None,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> NewSecret:
    """Give a client a new secret; the newest of the old ones stays live, all before it end."""
    if caller.kind != OPERATOR and caller.principal != client_id:
        raise ClientUnknown(client_id)
    client = await _locked(session, client_id)
    check_version(client.version, if_match)
    if client.revoked_at is not None:
        raise ClientRevoked(client_id)
    check_expiry(expires_at, now)
    live = await live_secrets(session, client_id, now)
    for secret in live[LIVE_SECRETS - 1 :]:
        secret.retired_at = now
    client.version += 1
    return await _add_secret(session, client, expires_at, now)


async def revoke_client(
    session: AsyncSession, client_id: str, *, now: datetime, if_match: int | None
) -> None:
    """End a client: it is given no more tokens, and those that it has are refused within seconds."""
    client = await _locked(session, client_id)
    check_version(client.version, if_match)
    if client.revoked_at is not None:
        raise ClientRevoked(client_id)
    client.revoked_at = now
    client.version += 1
    await session.flush()


async def _locked(session: AsyncSession, client_id: str) -> ApiClient:
    client = await session.get(ApiClient, client_id, with_for_update=True)
    if client is None:
        raise ClientUnknown(client_id)
    return client


async def _add_secret(
    session: AsyncSession, client: ApiClient, expires_at: datetime | None, now: datetime
) -> NewSecret:
    secret = new_secret()
    session.add(ApiSecret(client_id=client.id, digest=digest(secret), created_at=now, expires_at=expires_at))
    await session.flush()
    return NewSecret(client.id, secret)


async def _check_offices(session: AsyncSession, organisation_id: str, codes: list[str]) -> None:
    hosts = await session.execute(select(Office.code, Office.host_id).where(Office.code.in_(codes)))
    host_of = {row.code: row.host_id for row in hosts}
    for code in codes:
        if code not in host_of:
            raise OfficeUnknown(code)
        if host_of[code] != organisation_id:
            raise OfficeHostedElsewhere(code, organisation_id)
