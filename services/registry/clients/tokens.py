"""Access tokens: JWTs signed with ES256 in the profile of RFC 9068, and the keys to check them.

A token says who its bearer is, not what it may do: that is asked of the policy pack of each cycle.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import Key

from services.registry.clients.domain import TOKEN_LIFETIME
from shared.ids import new_id
from shared.keys import MADE_AT
from shared.livekeys import LiveKeys

ALGORITHM = "ES256"
SCOPE = "api"
AUDIENCE = "lingjun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whom a token is for, as known when it is issued."""

    client_id: str
    organisation_id: str
    kind: str
    offices: tuple[str, ...]


class TokenIssuer:
    """Signs tokens with the key that is in use; all keys of the file are published.

    A key is published as soon as it is in the file, signs once every gateway has heard of it, and stays
    published until the tokens that it signed have expired. `now` is real time.
    """

    def __init__(self, keys: LiveKeys, issuer: str) -> None:
        self.issuer = issuer
        self._keys = keys

    def jwks(self, now: datetime) -> dict[str, Any]:
        """Give the public halves with the members of RFC 7517; when a key was made is our own affair."""
        return {"keys": [_published(key) for key in self._keys.at(now.timestamp()).keys]}

    def issue(self, bearer: Bearer, now: datetime) -> str:
        issued = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "sub": bearer.client_id,
            "client_id": bearer.client_id,
            "aud": AUDIENCE,
            "iat": issued,
            "exp": issued + int(TOKEN_LIFETIME.total_seconds()),
            "jti": new_id(),
            "scope": SCOPE,
            "org": bearer.organisation_id,
            "kind": bearer.kind,
            "offices": list(bearer.offices),
        }
        key = self._keys.at(now.timestamp()).keys[0]
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def _published(key: Key) -> dict[str, Any]:
    public = {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.kid}
    return {name: value for name, value in public.items() if name != MADE_AT}
