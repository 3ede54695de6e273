"""What the gateway answers by itself: health, the merged document, the documentation page."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus

from gateway.asgi import App, Headers, Scope, get, header
from gateway.docs import load_pages
from gateway.errors import MethodNotAllowed, UpstreamUnavailable
from gateway.health import readiness
from gateway.identity import Identity
from gateway.limits import Exchange
from gateway.openapi import MergedDocument

_DOCUMENT_SECONDS = 30.0
_JSON: Headers = [(b"content-type", b"application/json")]

Handler = Callable[[Scope, Exchange], Awaitable[None]]


class Pages:
    """`handlers` maps an exact path to the function that answers it; they read, so GET and HEAD only."""

    def __init__(self, upstreams: Mapping[str, App], identity: Identity, *, answer_seconds: float) -> None:
        self._upstreams = upstreams
        self._identity = identity
        self._answer_seconds = answer_seconds
        self._files = load_pages()
        self._document = MergedDocument()
        self._heard_at: float | None = None
        self._hearing = asyncio.Lock()
        self.handlers: dict[str, Handler] = {
            "/": self._root,
            "/healthz": self._health,
            "/readyz": self._readiness,
            "/openapi.json": self._openapi,
            **dict.fromkeys(self._files, self._file),
        }

    async def answer(self, scope: Scope, exchange: Exchange) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed(method=scope["method"])
        await self.handlers[scope["path"]](scope, exchange)

    async def _root(self, scope: Scope, exchange: Exchange) -> None:
        await _reply(scope, exchange, 307, [(b"location", b"/docs")], b"")

    async def _health(self, scope: Scope, exchange: Exchange) -> None:
        await _reply(scope, exchange, 200, _JSON, b'{"status":"ok"}')

    async def _readiness(self, scope: Scope, exchange: Exchange) -> None:
        ready, report = await readiness(self._upstreams, keys_known=self._identity.ready)
        body = json.dumps({"status": "ready" if ready else "not ready", "services": report}).encode()
        await _reply(scope, exchange, 200 if ready else 503, _JSON, body)

    async def _openapi(self, scope: Scope, exchange: Exchange) -> None:
        async with self._hearing:
            now = time.monotonic()
            if self._heard_at is None or now - self._heard_at > _DOCUMENT_SECONDS:
                await self._hear_documents()
                self._heard_at = now
            if missing := self._document.missing:
                self._heard_at = None
                raise UpstreamUnavailable(service=missing[0])
            # Merging is long work: in a thread, so that other requests go on meanwhile.
            body = await asyncio.to_thread(self._document.read)
        headers = [*_JSON, (b"cache-control", b"no-cache"), (b"etag", self._document.etag)]
        await _reply(scope, exchange, 200, headers, body)

    async def _hear_documents(self) -> None:
        for service, app in self._upstreams.items():
            with suppress(Exception):  # a service that is down keeps what was last heard of it
                answer = await get(app, "/openapi.json", seconds=self._answer_seconds)
                if answer.status == HTTPStatus.OK:
                    self._document.hear(service, answer.body)

    async def _file(self, scope: Scope, exchange: Exchange) -> None:
        page = self._files[scope["path"]]
        await _reply(scope, exchange, 200, page.headers, page.body)


async def _reply(scope: Scope, exchange: Exchange, status: int, headers: Headers, body: bytes) -> None:
    """Answer, or say that what the client has is still right."""
    etag = next((value for name, value in headers if name == b"etag"), None)
    if etag is not None and header(scope, b"if-none-match") == etag:
        status, body = 304, b""
    await exchange.answer(status, headers, body, head=scope["method"] == "HEAD")
