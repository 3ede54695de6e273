"""Who is asking: the caller that the gateway stamps, and what an operation declares about callers.

The stamp is a JWS (Ed25519) of at most 60 seconds; anonymous callers are stamped too, so a request
without one did not come through the gateway. Who holds an act is asked of the policy pack, never
of a fixed role, and `Operation` refuses the answer of an operation that declared an act and forgot
to ask.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from structlog.contextvars import bind_contextvars

ANONYMOUS = "anonymous"
STAMP_HEADER = "Lingjun-Caller"
STAMP_SECONDS = 60
_ALGORITHM = "Ed25519"
_AUDIENCE = "lingjun-services"
_CACHE_SIZE = 4096
_CLOCK_SKEW = 5


class StampMissing(Exception):
    """The request does not come through the gateway."""


class StampInvalid(Exception):
    """The stamp is forged, expired, or no stamp at all."""


class SignInRequired(Exception):
    """An anonymous caller asks for what needs a signed-in one."""


class CallerNotAllowed(Exception):
    """The operation is not open to organisations of this kind."""

    def __init__(self, *, kind: str, allowed: tuple[str, ...]) -> None:
        self.kind = kind
        self.allowed = allowed
        super().__init__(kind)


class ActNotHeld(Exception):
    """The pack gives this act to somebody else."""

    def __init__(self, *, act: str, cycle_id: str, holders: tuple[str, ...]) -> None:
        self.act = act
        self.cycle_id = cycle_id
        self.holders = holders
        super().__init__(act)


class OrganisationMismatch(Exception):
    """The object belongs to another organisation than the caller's."""

    def __init__(self, *, organisation_id: str) -> None:
        self.organisation_id = organisation_id
        super().__init__(organisation_id)


class Holder(Protocol):
    """Who holds an act: organisations of a kind, an office, or one organisation."""

    @property
    def kind(self) -> str | None: ...
    @property
    def office(self) -> str | None: ...
    @property
    def organisation(self) -> str | None: ...


class Pack(Protocol):
    """What the caller asks of a policy pack."""

    @property
    def cycle_id(self) -> str: ...
    def may(self, act: str, *, kind: str, offices: frozenset[str], organisation_id: str | None) -> bool: ...
    def holders(self, act: str) -> tuple[Any, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The acting principal (an API client), its organisation and the offices that this one hosts."""

    principal: str = ANONYMOUS
    organisation_id: str | None = None
    kind: str = ANONYMOUS
    offices: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    asked: set[str] = field(default_factory=set, compare=False, repr=False)

    @property
    def is_anonymous(self) -> bool:
        return self.kind == ANONYMOUS

    def holds(self, act: str, pack: Pack) -> bool:
        """Tell whether the pack gives the act to this caller, and note that it was asked."""
        self.asked.add(act)
        return pack.may(act, kind=self.kind, offices=self.offices, organisation_id=self.organisation_id)

    def require(self, act: str, pack: Pack) -> None:
        """Refuse a caller to whom the pack does not give the act."""
        if not self.holds(act, pack):
            holders = tuple(_name(holder) for holder in pack.holders(act))
            raise ActNotHeld(act=act, cycle_id=pack.cycle_id, holders=holders)

    def require_organisation(self, organisation_id: str) -> None:
        """Refuse a caller of another organisation."""
        if self.organisation_id != organisation_id:
            raise OrganisationMismatch(organisation_id=organisation_id)


def _name(holder: Holder) -> str:
    return str(holder.office or holder.kind or holder.organisation)


class StampSigner:
    """The gateway's pen: writes the stamp that services trust."""

    def __init__(self, keys: KeySet) -> None:
        self._key = keys.keys[0]

    def stamp(self, caller: Caller, *, now: float | None = None, seconds: int = STAMP_SECONDS) -> str:
        issued = int(time.time() if now is None else now)
        claims = {
            "aud": _AUDIENCE,
            "act": caller.principal,
            "org": caller.organisation_id,
            "kind": caller.kind,
            "offices": sorted(caller.offices),
            "scopes": sorted(caller.scopes),
            "iat": issued,
            "exp": issued + seconds,
        }
        header = {"alg": _ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


class StampVerifier:
    """Reads stamps; a stamp that was found good stays known until it expires."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys
        self._known: dict[str, tuple[float, Caller]] = {}

    def verify(self, stamp: str, *, now: float | None = None) -> Caller:
        moment = time.time() if now is None else now
        until, caller = self._known.get(stamp) or self._read(stamp, moment)
        if moment >= until:
            self._known.pop(stamp, None)
            raise StampInvalid
        # Each request gets its own note of the acts that were asked.
        return Caller(
            principal=caller.principal,
            organisation_id=caller.organisation_id,
            kind=caller.kind,
            offices=caller.offices,
            scopes=caller.scopes,
        )

    def _read(self, stamp: str, moment: float) -> tuple[float, Caller]:
        try:
            claims = jwt.decode(stamp, self._keys, algorithms=[_ALGORITHM]).claims
            issued, until = int(claims["iat"]), int(claims["exp"])
            caller = Caller(
                principal=str(claims["act"]),
                organisation_id=claims["org"],
                kind=str(claims["kind"]),
                offices=frozenset(claims["offices"]),
                scopes=frozenset(claims["scopes"]),
            )
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise StampInvalid from error
        if claims.get("aud") != _AUDIENCE or until - issued > STAMP_SECONDS or issued > moment + _CLOCK_SKEW:
            raise StampInvalid
        if len(self._known) >= _CACHE_SIZE:
            self._known = {s: known for s, known in self._known.items() if known[0] > moment}
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[stamp] = until, caller
        return until, caller


async def identify(request: Request) -> Caller:
    """Read who is asking from the stamp, once a request."""
    if (known := getattr(request.state, "caller", None)) is not None:
        return known
    stamp = request.headers.get(STAMP_HEADER)
    if stamp is None:
        raise StampMissing
    caller: Caller = request.app.state.stamps.verify(stamp)
    request.state.caller = caller
    bind_contextvars(principal=caller.principal)
    return caller


Asking = Annotated[Caller, Depends(identify)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Who may call an operation; an act is then asked of the pack by the command."""

    anyone: bool = False
    signed_in: bool = False
    kinds: tuple[str, ...] = ()
    act: str | None = None

    def admit(self, caller: Caller) -> None:
        if self.anyone:
            return
        if caller.is_anonymous:
            raise SignInRequired
        if self.signed_in or self.act is not None or caller.kind in self.kinds:
            return
        raise CallerNotAllowed(kind=caller.kind, allowed=self.kinds)

    def left_unasked(self, caller: Caller) -> bool:
        """Tell whether the declared act is the caller's only right and nobody asked the pack."""
        return self.act is not None and caller.kind not in self.kinds and self.act not in caller.asked

    def document(self) -> dict[str, Any]:
        """Say it in OpenAPI, as `x-callers`."""
        declared = {"anyone": self.anyone, "signed_in": self.signed_in, "act": self.act}
        document: dict[str, Any] = {name: value for name, value in declared.items() if value}
        if self.kinds:
            document["kinds"] = list(self.kinds)
        return document


def callers(
    *,
    anyone: bool = False,
    signed_in: bool = False,
    kinds: Iterable[str] = (),
    act: str | None = None,
    or_kinds: Iterable[str] = (),
) -> dict[str, Any]:
    """Declare who may call an operation: arguments for its decorator."""
    allowed = (*kinds, *or_kinds)
    if sum((anyone, signed_in, bool(allowed) or act is not None)) != 1:
        raise ValueError("declare anyone, or signed_in, or kinds and an act")
    declaration = Declaration(anyone=anyone, signed_in=signed_in, kinds=allowed, act=act)

    async def declared(request: Request, caller: Asking) -> None:
        declaration.admit(caller)
        request.state.declaration = declaration

    return {"openapi_extra": {"x-callers": declaration.document()}, "dependencies": [Depends(declared)]}
