"""A service that says back what it got, and the gateway running before three of them."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from gateway.app import Gateway
from gateway.asgi import Message, Receive, Scope, Send
from shared.caller import StampVerifier

Opening = Callable[..., Any]


@dataclass
class Echo:
    """A service that says back what it got, and can be told to behave badly by the path."""

    service: str
    jwks: dict[str, Any]
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    scopes: list[Scope] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        match scope["path"].rsplit("/", 1)[-1]:
            case "jwks":
                await _say(send, 200, self.jwks)
            case "revocations":
                await _say(send, 200, {"client_ids": self.revoked})
            case "readyz":
                await _say(send, 200, {"status": "ready"})
            case "openapi.json":
                await _say(send, 200, {"openapi": "3.1.0", "paths": {}})
            case "stream":
                await self._stream(receive, send)
            case "cookies":
                await _cookies(send)
            case "half":
                await send(_start(200, [(b"content-length", b"10")]))
                await send({"type": "http.response.body", "body": b"abc", "more_body": True})
            case "raises":
                raise RuntimeError("a defect of the service")
            case "empty":
                await send(_start(204, []))
                await send({"type": "http.response.body"})
            case _:
                await self._echo(scope, receive, send)

    async def _echo(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        said = {
            "service": self.service,
            "method": scope["method"],
            "raw_path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"]],
            "length": len(body),
        }
        await _say(send, 200, said)

    async def _stream(self, receive: Receive, send: Send) -> None:
        await send(_start(200, [(b"content-type", b"text/plain")]))
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        while (await receive())["type"] != "http.disconnect":
            if self.go_on.is_set():
                break
            waiting = asyncio.ensure_future(self.go_on.wait())
            leaving = asyncio.ensure_future(receive())
            await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if leaving.done() and leaving.result()["type"] == "http.disconnect":
                self.left.set()
                return
            leaving.cancel()
            break
        await send({"type": "http.response.body", "body": b"second"})


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _say(send: Send, status: int, said: object) -> None:
    body = json.dumps(said).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": body})


async def _cookies(send: Send) -> None:
    headers = [
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"connection", b"x-private"),
        (b"x-private", b"1"),
        (b"keep-alive", b"timeout=9"),
        (b"content-encoding", b"x-unknown"),
        (b"content-length", b"2"),
    ]
    await send(_start(200, headers))
    await send({"type": "http.response.body", "body": b"ok"})


@dataclass
class Door:
    """The running gateway, its services, and the keys to speak to it and to read its stamps."""

    http: httpx.AsyncClient
    gateway: Gateway
    services: dict[str, Echo]
    verifier: StampVerifier
    token: Callable[..., dict[str, str]]
    address: tuple[str, int]
