"""What goes over the wire about API clients; a secret is shown once, in the answer that makes it."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.registry.organisations.schemas import Word
from shared.schemas import Id, Moment, Name, Request, View


class CreateApiClient(Request):
    organisation_id: Id
    name: Name
    offices: list[Word] = Field(default_factory=list, max_length=10)
    expires_at: Moment | None = Field(default=None, description="When the first secret ends.")


class RotateSecret(Request):
    expires_at: Moment | None = Field(default=None, description="When the new secret ends.")


class SecretView(View):
    """What is known of a live secret: everything but the secret."""

    id: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiClientView(View):
    id: str
    organisation_id: str
    name: str
    offices: list[str]
    secrets: list[SecretView]
    revoked_at: datetime | None
    version: int


class NewSecretView(ApiClientView):
    """A client with its new secret; a replayed request answers the same without it."""

    client_id: str
    secret: str | None = None


class RevokedClientsView(View):
    """Clients revoked so lately that a token of theirs may still run."""

    client_ids: list[str]


class TokenView(View):
    """RFC 6749 section 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  a token type, not a token
    expires_in: int
    scope: str
