"""Header hygiene: what may pass the door, in both directions.

Hop-by-hop headers (RFC 9110, 7.6.1) end at the gateway. A caller stamp, a forwarding
header or a request id that a client invents never reaches a service. Repeated headers
stay repeated: two `Set-Cookie` are two cookies.
"""

import re

from gateway.asgi import Headers
from shared.ids import new_id

REQUEST_ID = b"lingjun-request-id"
STAMP = b"lingjun-caller"
NOW = b"lingjun-now"
CHALLENGE = b'Bearer realm="lingjun"'

_UNAUTHORIZED = 401

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_INWARD = _HOP_BY_HOP | {b"expect", b"forwarded", b"x-real-ip"}
_OURS_INWARD = frozenset({NOW, b"lingjun-personal-link"})
_NOT_OUTWARD = _HOP_BY_HOP | {b"date", b"server"}  # the gateway's own server writes the date
_GUARDS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-frame-options": b"DENY",
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}
_KEPT_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


def request_id(headers: Headers) -> bytes:
    """Keep the client's request id when it is harmless, else make one."""
    given = next((value for name, value in headers if name == REQUEST_ID), b"")
    return given if _KEPT_ID.fullmatch(given) else new_id().encode()


def inward(headers: Headers, *, request: bytes, stamp: bytes, keep_authorization: bool) -> Headers:
    """Choose what a service gets to see, and add who is asking."""
    dropped = _NOT_INWARD | _named_by_connection(headers)
    passed = [
        (name, value)
        for name, value in headers
        if name not in dropped
        and not name.startswith(b"x-forwarded-")
        and (name in _OURS_INWARD or not name.startswith(b"lingjun-"))
        and (keep_authorization or name != b"authorization")
    ]
    return [*passed, (REQUEST_ID, request), (STAMP, stamp)]


def outward(headers: Headers, *, status: int, request: bytes) -> Headers:
    """Choose what the client gets to see, and add the guards that the service did not set itself."""
    dropped = _NOT_OUTWARD | _named_by_connection(headers) | {REQUEST_ID}
    passed = [(name, value) for name, value in ((n.lower(), v) for n, v in headers) if name not in dropped]
    present = {name for name, _ in passed}
    guards = [(name, value) for name, value in _GUARDS.items() if name not in present]
    if status == _UNAUTHORIZED and b"www-authenticate" not in present:
        guards.append((b"www-authenticate", CHALLENGE))
    return [*passed, *guards, (REQUEST_ID, request)]


def _named_by_connection(headers: Headers) -> set[bytes]:
    return {
        token.strip().lower()
        for name, value in headers
        if name.lower() == b"connection"
        for token in value.split(b",")
    }
