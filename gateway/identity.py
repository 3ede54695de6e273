"""Who is asking: verifies access tokens and stamps a short-lived signed caller for the services.

Keys and revocations come from the registry and are kept when it is down. A verdict is
reused for less than a minute, never past the token's own end, and is forgotten when they
change. Real time rules here, in rehearsal too.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from gateway.errors import (
    ClientRevoked,
    KeyStrange,
    KeysUnknown,
    TokenExpired,
    TokenForged,
    TokenUnreadable,
)
from shared.caller import Caller, StampSigner

_ALGORITHMS = ["ES256"]
_AUDIENCE = "lingjun"
_REUSED_SECONDS = 45.0  # a stamp lives 60 s: the last one handed out still has 15 s to reach its service
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    caller: Caller
    stamp: bytes
    until: float


class Identity:
    """Turns an Authorization header into a caller and a stamp. `now` is real time in seconds."""

    def __init__(self, signer: StampSigner, *, now: Callable[[], float]) -> None:
        self._signer = signer
        self._now = now
        self._keys: KeySet | None = None
        self._known = b""
        self._revoked: frozenset[str] | None = None
        self._verdicts: dict[bytes, Verdict] = {}
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            aud={"essential": True, "value": _AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
        )

    @property
    def ready(self) -> bool:
        """Both were heard once: keys without revocations would let in whom the registry has ended."""
        return self._keys is not None and self._revoked is not None

    def trust(self, jwks: bytes) -> None:
        """Take the registry's present keys; verdicts reached with other keys are forgotten."""
        if jwks != self._known:
            self._keys = KeySet.import_key_set(json.loads(jwks))
            self._known = jwks
            self._verdicts.clear()

    def distrust(self, clients: Iterable[str]) -> None:
        """Refuse these clients from now on, whatever tokens they still hold."""
        revoked = frozenset(clients)
        if revoked != self._revoked:
            self._revoked = revoked
            self._verdicts.clear()

    def recognise(self, authorization: bytes | None) -> Verdict:
        """Tell who shows this header; none at all is the anonymous caller, a bad one is refused."""
        shown = authorization or b""
        now = self._now()
        known = self._verdicts.get(shown)
        if known is not None and now < known.until:
            return known
        verdict = self._read(shown, now) if shown else self._stamped(Caller(), now, now + _REUSED_SECONDS)
        if len(self._verdicts) >= _REMEMBERED:
            del self._verdicts[next(iter(self._verdicts))]
        self._verdicts[shown] = verdict
        return verdict

    def _read(self, authorization: bytes, now: float) -> Verdict:
        scheme, _, token = authorization.partition(b" ")
        if scheme.lower() != b"bearer":
            raise TokenUnreadable
        if self._keys is None or self._revoked is None:
            raise KeysUnknown
        try:
            claims = jwt.decode(token.strip(), self._keys, algorithms=_ALGORITHMS).claims
            self._claims.validate(claims)
            caller = _caller(claims)
        except ExpiredTokenError:
            raise TokenExpired from None
        except InvalidKeyIdError:
            raise KeyStrange from None
        except (JoseError, ValueError, TypeError, KeyError):
            raise TokenForged from None
        if caller.principal in self._revoked:
            raise ClientRevoked
        return self._stamped(caller, now, min(float(claims["exp"]), now + _REUSED_SECONDS))

    def _stamped(self, caller: Caller, now: float, until: float) -> Verdict:
        return Verdict(caller, self._signer.stamp(caller, now=now).encode(), until)


def _caller(claims: dict[str, Any]) -> Caller:
    return Caller(
        principal=claims["sub"],
        organisation_id=claims["org"],
        kind=claims["kind"],
        offices=frozenset(claims["offices"]),
        scopes=frozenset(str(claims.get("scope", "")).split()),
    )
