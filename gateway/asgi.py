"""The words of ASGI, and a GET spoken in process.

An upstream is an ASGI application: the service's own in the embedded home, a
proxy to it in the networked one. The gateway never asks which.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


def header(scope: Scope, name: bytes) -> bytes | None:
    """Find the first header of that (lower-case) name."""
    return next((value for key, value in scope["headers"] if key == name), None)


async def answer(send: Send, status: int, headers: Headers, body: bytes, *, head: bool = False) -> None:
    """Send a whole answer at once; `head` leaves out the body but keeps its length."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": b"" if head else body})


async def get(app: App, path: str, *, seconds: float, headers: Headers | None = None) -> Answer:
    """GET `path` from an upstream and collect the answer; for small internal documents only."""
    start: Message = {}
    body = bytearray()
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # this client never goes away by itself
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"gateway"), (b"accept", b"application/json"), *(headers or [])],
        "client": None,
        "server": None,
    }
    async with asyncio.timeout(seconds):
        await app(scope, receive, send)
    return Answer(start["status"], dict(start["headers"]), bytes(body))
