"""The client credentials grant (RFC 6749 section 4.4): who may be given a token, and the OAuth errors.

A refusal does not tell an unknown client from a wrong secret, in words or in time.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote_plus

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.clients.domain import digest, matches, new_secret, use_is_due
from services.registry.clients.models import ApiClient
from services.registry.clients.queries import live_secrets
from services.registry.clients.tokens import SCOPE, Bearer
from services.registry.organisations.models import Organisation
from shared.schemas import can_store

_NOBODYS_DIGEST = digest(new_secret())
_MOST_PARAMETERS = 20

FORM = "application/x-www-form-urlencoded"


class OAuthError(Exception):
    """An error response of RFC 6749 section 5.2."""

    def __init__(self, code: str, description: str, *, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.status = status


@dataclass(frozen=True, slots=True)
class Credentials:
    client_id: str
    secret: str


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """Read the form; a parameter given twice refuses it, an empty one counts as absent (section 3.2)."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"the body must be {FORM}")
    try:
        pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise OAuthError("invalid_request", "the body is no form") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise OAuthError("invalid_request", "a parameter is given twice")
    if not all(map(can_store, form.values())):
        raise OAuthError("invalid_request", "a parameter holds a character that is not allowed")
    return form


def check_grant(form: Mapping[str, str]) -> None:
    """Refuse other grants and scopes that there are not."""
    if "grant_type" not in form:
        raise OAuthError("invalid_request", "grant_type is missing")
    if form["grant_type"] != "client_credentials":
        raise OAuthError("unsupported_grant_type", "only client_credentials is supported")
    if not set(form.get("scope", SCOPE).split()) <= {SCOPE}:
        raise OAuthError("invalid_scope", f"the only scope is {SCOPE}")


def read_credentials(authorization: Sequence[str], form: Mapping[str, str]) -> Credentials:
    """Read the credentials from HTTP Basic or from the form; from both is refused (section 2.3)."""
    if authorization:
        if len(authorization) > 1 or "client_secret" in form:
            raise OAuthError("invalid_request", "authenticate in one way only")
        found = _from_basic(authorization[0])
        if form.get("client_id", found.client_id) != found.client_id:
            raise OAuthError("invalid_request", "client_id differs from the authenticated client")
        return found
    if "client_id" not in form or "client_secret" not in form:
        raise OAuthError("invalid_client", "client credentials are missing", status=401)
    return Credentials(form["client_id"], form["client_secret"])


async def authenticate(session: AsyncSession, shown: Credentials, now: datetime) -> Bearer:
    """Find the client whose live secret this is, and note the use."""
    client = await session.get(ApiClient, shown.client_id)
    secrets = await live_secrets(session, shown.client_id, now)
    used = next((secret for secret in secrets if matches(shown.secret, secret.digest)), None)
    if not secrets:
        # Compared all the same, so that the answer takes as long as for a known client.
        matches(shown.secret, _NOBODYS_DIGEST)
    if client is None or used is None or client.revoked_at is not None:
        raise OAuthError("invalid_client", "no such client and secret", status=401)
    if use_is_due(used.last_used_at, now):
        used.last_used_at = now
    organisation = await session.get_one(Organisation, client.organisation_id)
    return Bearer(
        client_id=client.id,
        organisation_id=organisation.id,
        kind=organisation.kind,
        offices=tuple(client.offices),
    )


def _from_basic(authorization: str) -> Credentials:
    scheme, _, encoded = authorization.partition(" ")
    refusal = OAuthError("invalid_client", "the credentials cannot be read", status=401)
    if scheme.lower() != "basic":
        raise refusal
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise refusal from None
    client_id, colon, secret = plain.partition(":")
    if not colon or not can_store(plain):
        raise refusal
    # Both were form-encoded before they were joined (RFC 6749 section 2.3.1).
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    if not can_store(client_id):
        raise refusal
    return Credentials(client_id, secret)
