"""Clients of a service in process, one per kind of caller, stamped as the gateway would stamp them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import KeySet, OKPKey

from shared.caller import STAMP_HEADER, Caller, StampSigner, StampVerifier
from shared.headers import NOW_HEADER
from shared.settings import ServiceSettings

_KEYS = KeySet([OKPKey.generate_key("Ed25519", {"kid": "stamp-of-tests"}, private=True)])
SIGNER = StampSigner(_KEYS)
STAMPS = StampVerifier(_KEYS)
"""Give this to `service_app(..., stamps=STAMPS)`."""


def caller_headers(
    kind: str = "bureau",
    *,
    organisation_id: str | None = None,
    offices: Iterable[str] = (),
    principal: str | None = None,
    scopes: Iterable[str] = (),
    now: datetime | None = None,
) -> dict[str, str]:
    """Make the headers of a caller; the principal is named after the kind unless told."""
    caller = Caller(
        principal=principal or f"client-of-{kind}",
        organisation_id=organisation_id,
        kind=kind,
        offices=frozenset(offices),
        scopes=frozenset(scopes),
    )
    headers = {STAMP_HEADER: SIGNER.stamp(caller)}
    if now is not None:
        headers[NOW_HEADER] = now.isoformat()
    return headers


def client(app: FastAPI, kind: str = "bureau", **caller: Any) -> httpx.AsyncClient:
    """Open a client of this application that is this caller (see `caller_headers`)."""
    app.state.stamps = STAMPS
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="http://service.test",
        headers=caller_headers(kind, **caller),
    )


def rehearsal(**settings: Any) -> ServiceSettings:
    """Make the settings of a service under test: `Lingjun-Now` is heard, nobody waits for copies."""
    return ServiceSettings.model_validate(
        {"database_url": "sqlite://", "mode": "rehearsal", "copy_wait": 0.0, **settings}
    )
