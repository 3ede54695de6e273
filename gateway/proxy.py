"""An upstream behind a socket: an ASGI application that speaks HTTP/1.1 through aiohttp.

Bodies stream both ways and are passed as they are (no decompression, no cookies kept,
no redirect followed, no URL rewritten). A command once sent is not recalled when the
client goes away; a stream that nobody reads any more is closed.
"""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from gateway.asgi import Message, Receive, Scope, Send
from gateway.errors import UpstreamBroke, UpstreamSilent, UpstreamUnavailable

_AUTOMATIC = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")
_CHUNK = 65_536


def open_client(*, connections: int, answer_seconds: float) -> aiohttp.ClientSession:
    """Open the one connection pool of this gateway; `connections` is the most per service."""
    connector = aiohttp.TCPConnector(
        limit=0,
        limit_per_host=connections,
        keepalive_timeout=3.0,  # below uvicorn's 5 s, so that a reused connection is not just being closed
        enable_cleanup_closed=False,
    )
    return aiohttp.ClientSession(
        connector=connector,
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=_AUTOMATIC,
        timeout=aiohttp.ClientTimeout(total=None, connect=5.0, sock_connect=2.0, sock_read=answer_seconds),
    )


class HttpUpstream:
    """One service at one address."""

    def __init__(self, client: aiohttp.ClientSession, service: str, address: str) -> None:
        self._client = client
        self._service = service
        self._address = address.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._ask(scope, receive)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise UpstreamUnavailable(service=self._service) from None
        except TimeoutError:
            raise UpstreamSilent(service=self._service) from None
        except aiohttp.ClientError as fault:
            raise UpstreamBroke(service=self._service) from fault
        try:
            await self._pass_on(response, receive, send)
        finally:
            response.release()

    async def _ask(self, scope: Scope, receive: Receive) -> aiohttp.ClientResponse:
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        return await self._client.request(
            scope["method"],
            URL(self._address + target.decode("ascii"), encoded=True),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]],
            data=await _body(receive),
            allow_redirects=False,
        )

    async def _pass_on(self, response: aiohttp.ClientResponse, receive: Receive, send: Send) -> None:
        headers = [(name.lower(), value) for name, value in response.raw_headers]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        content = response.content
        gone: asyncio.Task[None] | None = None
        try:
            while True:
                chunk = await content.readany()
                more = not content.at_eof()
                await send({"type": "http.response.body", "body": chunk, "more_body": more})
                if not more:
                    return
                if gone is None:
                    gone = asyncio.ensure_future(_disconnected(receive))
                    gone.add_done_callback(lambda _: response.close())
        except aiohttp.ClientError as fault:
            if (
                gone is None or not gone.done()
            ):  # else the client left first: nothing to tell, nobody to tell it
                raise UpstreamBroke(service=self._service) from fault
        finally:
            if gone is not None:
                gone.cancel()


async def _body(receive: Receive) -> bytes | AsyncIterator[bytes] | None:
    """Give a body that has arrived whole as bytes, a longer one as a stream."""
    first = await receive()
    if first.get("more_body", False):
        return _stream(first, receive)
    return first.get("body") or None


async def _stream(message: Message, receive: Receive) -> AsyncIterator[bytes]:
    while True:
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        if body := message.get("body", b""):
            yield body
        if not message.get("more_body", False):
            return
        message = await receive()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
