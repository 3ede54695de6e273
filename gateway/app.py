"""The gateway: one ASGI application that decides what each request is, and passes most of it on.

Order matters: sizes, then the public map, then who is asking, then how often. A request that is
refused here never reaches a service; one that reaches a service is streamed, not collected.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog

from gateway.asgi import App, Receive, Scope, Send, header
from gateway.errors import (
    ERRORS,
    BodyTooLarge,
    KeyStrange,
    KeysUnknown,
    NowRefused,
    PathUnknown,
    TokenRefused,
    UpstreamBroke,
)
from gateway.headers import NOW, inward, request_id
from gateway.identity import Identity, Verdict
from gateway.limits import Exchange, RateLimit, check_head
from gateway.map import PUBLIC, TOKENS, body_bytes_at, find_prefix
from gateway.pages import Pages
from gateway.polling import RegistryPoll
from gateway.refusals import render
from gateway.settings import GatewaySettings

_NAMED = tuple(ERRORS)
_CLIENT_LEFT = 499  # in the log only: nobody is there to read an answer

_log = structlog.get_logger("gateway")


class Gateway:
    """Give it an upstream per service of the map; `running()` keeps what it knows fresh."""

    def __init__(self, settings: GatewaySettings, upstreams: Mapping[str, App], identity: Identity) -> None:
        self._settings = settings
        self._upstreams = upstreams
        self._identity = identity
        self._pages = Pages(upstreams, identity, answer_seconds=settings.answer_seconds)
        self._rate = RateLimit(
            per_second=settings.rate_per_second, burst=settings.rate_burst, now=time.monotonic
        )
        self._poll = RegistryPoll(upstreams, identity, poll_seconds=settings.poll_seconds)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        await self._poll.once()  # so that the first to knock is known; without an answer the door opens too
        keeping = asyncio.create_task(self._poll.keep())
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def refresh(self) -> None:
        """Ask the registry for its keys and revocations; with the registry down the known ones stay."""
        await self._poll.once()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        started = time.perf_counter()
        most = body_bytes_at(scope["path"], self._settings.body_bytes)
        exchange = Exchange(receive, send, request=request_id(scope["headers"]), body_bytes=most)
        try:
            await self._decide(scope, exchange)
        except Exception as fault:  # noqa: BLE001  whatever happened, the client gets a problem document
            await self._refuse(scope, exchange, fault)
        finally:
            if self._settings.access_log:
                _note(scope, exchange, started)

    async def _decide(self, scope: Scope, exchange: Exchange) -> None:
        settings = self._settings
        check_head(
            scope,
            header_bytes=settings.header_bytes,
            path_bytes=settings.path_bytes,
            body_bytes=exchange.limit,
        )
        if scope["path"] in self._pages.handlers:
            exchange.route = scope["path"]
            await self._pages.answer(scope, exchange)
            return
        if header(scope, NOW) is not None and not settings.is_rehearsal:
            raise NowRefused
        prefix = find_prefix(scope["path"])
        if prefix is None:
            raise PathUnknown(path=scope["path"])
        exchange.route = prefix
        try:
            verdict = await self._recognise(scope, prefix)
        except TokenRefused:
            self._count(None, scope)  # guessing is counted by address
            raise
        self._count(verdict, scope)
        exchange.principal = verdict.caller.principal
        exchange.service = PUBLIC[prefix]
        headers = inward(
            scope["headers"],
            request=exchange.request,
            stamp=verdict.stamp,
            keep_authorization=prefix == TOKENS,
        )
        inner: Scope = {**scope, "headers": headers}
        inner.pop("state", None)  # that of the gateway's own server
        await self._upstreams[exchange.service](inner, exchange.receive, exchange.send)
        if exchange.too_large:
            raise BodyTooLarge(limit=exchange.limit)

    async def _recognise(self, scope: Scope, prefix: str) -> Verdict:
        """Tell who asks; a key that was never seen may be a new one, so the registry is asked once more."""
        authorization = None if prefix == TOKENS else header(scope, b"authorization")
        try:
            return self._identity.recognise(authorization)
        except (KeysUnknown, KeyStrange):
            await self._poll.again()
            return self._identity.recognise(authorization)

    def _count(self, verdict: Verdict | None, scope: Scope) -> None:
        if self._settings.is_rehearsal:  # a rehearsal plays a year in seconds
            return
        if verdict is None or verdict.caller.is_anonymous:
            address = scope["client"][0] if scope.get("client") else "unknown"
            self._rate.take(f"address {address}")
        else:
            self._rate.take(verdict.caller.principal)

    async def _refuse(self, scope: Scope, exchange: Exchange, fault: Exception) -> None:
        if exchange.gone:
            exchange.status = exchange.status or _CLIENT_LEFT
            return
        if exchange.too_large:
            fault = BodyTooLarge(limit=exchange.limit)
        if not isinstance(fault, _NAMED):
            _log.error("upstream failed", upstream=exchange.service, error=fault)
            fault = UpstreamBroke(service=exchange.service)
        if not exchange.status:
            await exchange.answer(*render(fault, scope))


def _note(scope: Scope, exchange: Exchange, started: float) -> None:
    """Write one line a request: an entry of the map, never the path or the query, which may name a person."""
    _log.info(
        "request",
        method=scope["method"],
        route=exchange.route,
        status=exchange.status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        received=exchange.received,
        sent=exchange.sent,
        upstream=exchange.service,
        principal=exchange.principal,
        request_id=exchange.request.decode(),
    )
