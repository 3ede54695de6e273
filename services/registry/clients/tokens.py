"""Access tokens: JWTs signed with ES256 in the profile of RFC 9068, and the keys to check them.

A token says who its bearer is, not what it may do: that is asked of the policy pack of each cycle.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet

from services.registry.clients.domain import TOKEN_LIFETIME
from shared.ids import new_id

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
    """Signs tokens with the first of `keys`; the others stay published until their tokens have expired."""

    def __init__(self, keys: KeySet, issuer: str) -> None:
        self.issuer = issuer
        self._key = keys.keys[0]
        self.jwks: dict[str, Any] = {
            "keys": [
                {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.kid}
                for key in keys.keys
            ]
        }

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
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])
