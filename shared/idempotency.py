"""Idempotency keys: a POST repeated under the same key is answered again, not done again.

The key is claimed and the answer kept in the operation's own transaction, so a refusal (which
rolls it back) keeps nothing and may be tried again under the same key. A twin in flight waits at
the claim. Keys belong to a principal; an anonymous caller has none, because strangers would share
them. Of an answer that shows a secret or personal data only a masked view is kept. The age of a
key is real time, also in a rehearsal.
"""

import hashlib
import re
from datetime import UTC, datetime

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Column, Index, LargeBinary, SmallInteger, String, Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.caller import identify
from shared.database import Instant, Json, plumbing, upsert

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("etag", "location", "content-type", "content-language")

idempotency_keys = Table(
    "idempotency_keys",
    plumbing,
    Column("principal", String(100), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(100), nullable=False),
    Column("claimed_at", Instant, nullable=False),
    Column("status", SmallInteger),
    Column("headers", Json),
    Column("body", LargeBinary),
    Index(None, "claimed_at"),
)

_CLAIM = upsert(idempotency_keys).on_conflict_do_nothing().returning(idempotency_keys.c.key)
_MINE = (
    idempotency_keys.c.principal == bindparam("whose"),
    idempotency_keys.c.key == bindparam("claimed"),
)
_KEPT = select(
    idempotency_keys.c.digest, idempotency_keys.c.status, idempotency_keys.c.headers, idempotency_keys.c.body
).where(*_MINE)
_KEEP = update(idempotency_keys).where(*_MINE)


class KeyMalformed(Exception):
    """The key is empty, too long, or not of visible ASCII characters."""


class KeyReused(Exception):
    """The key stands for another request of the same principal."""


class Replay(Exception):
    """The request was answered before."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer
        super().__init__()


async def claim(request: Request, session: AsyncSession) -> None:
    """Claim the request's key, or raise the answer that was given to it before."""
    key = request.headers.get(KEY_HEADER)
    if key is None or request.method != "POST":
        return
    if not _KEY.fullmatch(key):
        raise KeyMalformed
    caller = await identify(request)
    if caller.is_anonymous:
        return
    digest = await _digest(request)
    row = {"principal": caller.principal, "key": key, "digest": digest, "claimed_at": datetime.now(UTC)}
    claimed = await session.execute(_CLAIM, row)
    if claimed.first() is not None:
        request.state.claimed = (caller.principal, key)
        return
    kept = (await session.execute(_KEPT, {"whose": caller.principal, "claimed": key})).one()
    if kept.digest != digest:
        raise KeyReused
    raise Replay(Response(kept.body, kept.status, {**kept.headers, REPLAYED_HEADER: "true"}))


async def keep(request: Request, session: AsyncSession, response: Response) -> None:
    """Keep the answer under the claimed key; it commits with what the operation did."""
    claimed: tuple[str, str] | None = getattr(request.state, "claimed", None)
    if claimed is None:
        return
    masked: bytes | None = getattr(request.state, "masked", None)
    principal, key = claimed
    answer = {
        "status": response.status_code,
        "headers": {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers},
        "body": bytes(response.body) if masked is None else masked,
    }
    await session.execute(_KEEP, {"whose": principal, "claimed": key, **answer})


def keep_masked(request: Request, view: BaseModel) -> None:
    """Answer a repetition of this request by `view`, which shows no secret and no personal data."""
    request.state.masked = view.model_dump_json().encode()


async def _digest(request: Request) -> str:
    head = f"{request.method}\n{request.url.path}\n{request.url.query}\n".encode()
    read: str | None = getattr(request.state, "body_sha256", None)
    body = await request.body() if read is None else read.encode()
    return f"sha256:{hashlib.sha256(head + body).hexdigest()}"
