"""Answers that any cache may keep for a minute: a strong ETag, and nothing but 304 to who has this edition.

The ETag is made of marks in the database that rise with every change, so an answer that was not changed
costs no rendering. The mark is read before what it marks: an answer can be newer than its ETag, never older.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from importlib.metadata import version

from fastapi import Request, Response
from pydantic import BaseModel

MAX_AGE_SECONDS = 60
_LANGUAGES = "zh-CN, en"
_RELEASE = version("lingjun")
"""Part of every ETag: another release may say the same otherwise."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What an answer rests on: numbers that rise with every change, and when it changed if that is known."""

    marks: tuple[int, ...]
    changed_at: datetime | None = None


async def cached(
    request: Request,
    edition: Edition,
    render: Callable[[], Awaitable[BaseModel | bytes]],
    *,
    media_type: str = "application/json",
) -> Response:
    """Answer with the edition, in both languages at once; render it only for who does not have it."""
    tag = _tag(request, edition)
    headers = {
        "etag": tag,
        "cache-control": f"public, max-age={MAX_AGE_SECONDS}",
        "content-language": _LANGUAGES,
    }
    if edition.changed_at is not None:
        headers["last-modified"] = format_datetime(edition.changed_at, usegmt=True)
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    body = await render()
    content = body if isinstance(body, bytes) else body.model_dump_json()
    return Response(content, media_type=media_type, headers=headers)


def has(request: Request, tag: str) -> bool:
    """Tell whether the client names this ETag among those that it has (RFC 9110, 13.1.2)."""
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    return tag in known or "*" in known


def _tag(request: Request, edition: Edition) -> str:
    said = f"{_RELEASE} {request.url.path}?{request.url.query} {edition.marks}"
    return f'"{sha256(said.encode()).hexdigest()[:32]}"'
