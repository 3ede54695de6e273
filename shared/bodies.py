"""How much a request may bring: a body that grows past its limit is refused where it does.

Every operation has the usual limit. One that is declared with `streamed` has its own: it raises the limit
before anything is read, and reads its body itself, part by part.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

LARGEST_BODY = 4 * 1024 * 1024
DECLARED = "x-largest-body"
_LIMIT = "lingjun.body_limit"


@dataclass(slots=True)
class _Limit:
    most: int = LARGEST_BODY


def limited(request: Request, receive: Receive) -> Receive:
    """Refuse a body above the limit: by its announced length, else as soon as it has grown too long."""
    limit = request.scope[_LIMIT] = _Limit()
    announced = request.headers.get("content-length", "0")
    expected = int(announced) if announced.isdecimal() else 0
    received = 0

    async def within() -> Message:
        nonlocal received
        if max(received, expected) > limit.most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit.most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return within


def raise_limit(scope: Scope, most: int) -> None:
    """Let the body of this request be as long as its operation declares."""
    limit: _Limit | None = scope.get(_LIMIT)
    if limit is not None:
        limit.most = most


def streamed(options: Mapping[str, Any], *, most: int, media_types: tuple[str, ...]) -> dict[str, Any]:
    """Declare that an operation reads its own body, of at most so many bytes: arguments for its decorator."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    said = {DECLARED: most, "requestBody": {"required": True, "content": content}}
    return {**options, "openapi_extra": {**options["openapi_extra"], **said}}


async def read_parts(request: Request) -> AsyncIterator[bytes]:
    """Read the body part by part; once it is read, a repetition under the same key is known by its hash."""
    digest = sha256()
    async for part in request.stream():
        digest.update(part)
        yield part
    request.state.body_sha256 = digest.hexdigest()
