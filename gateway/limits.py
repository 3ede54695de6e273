"""How much one request may bring and how often one principal may ask.

The rate limit is a generic cell rate: one instant per principal, the time at which
its bucket would be full again. Memory is bounded; forgetting an idle principal is free.
"""

from collections.abc import Callable

from gateway.asgi import Headers, Message, Receive, Scope, Send, answer, header
from gateway.errors import BodyTooLarge, HeadersTooLarge, PathTooLong, TooManyRequests
from gateway.headers import outward

_REMEMBERED = 50_000


class RateLimit:
    """`per_second` requests for ever, `burst` at once. `now` is a monotonic clock in seconds."""

    def __init__(self, *, per_second: float, burst: int, now: Callable[[], float]) -> None:
        self._interval = 1.0 / per_second
        self._depth = self._interval * burst
        self._now = now
        self._full_at: dict[str, float] = {}

    def take(self, principal: str) -> None:
        now = self._now()
        full_at = max(self._full_at.get(principal, now), now) + self._interval
        if full_at - now > self._depth:
            raise TooManyRequests(retry_after=max(1, round(full_at - now - self._depth)))
        if len(self._full_at) >= _REMEMBERED and principal not in self._full_at:
            self._forget(now)
        self._full_at[principal] = full_at

    def _forget(self, now: float) -> None:
        self._full_at = {name: at for name, at in self._full_at.items() if at > now}
        if len(self._full_at) >= _REMEMBERED:
            self._full_at.clear()


def check_head(scope: Scope, *, header_bytes: int, path_bytes: int, body_bytes: int) -> None:
    """Refuse by the head alone what is too large; a declared body is not waited for."""
    if len(scope["raw_path"]) + len(scope["query_string"]) > path_bytes:
        raise PathTooLong(limit=path_bytes)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > header_bytes:
        raise HeadersTooLarge(limit=header_bytes)
    declared = header(scope, b"content-length") or b"0"
    if not declared.isdigit() or int(declared) > body_bytes:
        raise BodyTooLarge(limit=body_bytes)


class Exchange:
    """One request under way: counts what comes in, cleans and remembers what goes out.

    When a body grows past the limit, what the upstream answers to its broken input is
    swallowed: the gateway itself says why, by `answer`.
    """

    def __init__(self, receive: Receive, send: Send, *, request: bytes, body_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self.limit = body_bytes
        self.request = request
        self.received = 0
        self.sent = 0
        self.status = 0
        self.gone = False
        self.service = "gateway"
        self.route = "unknown"
        self.principal = "unknown"

    @property
    def too_large(self) -> bool:
        return self.received > self.limit

    async def receive(self) -> Message:
        message = await self._receive()
        self.gone = message["type"] == "http.disconnect"
        self.received += len(message.get("body", b""))
        if self.too_large:
            raise BodyTooLarge(limit=self.limit)
        return message

    async def send(self, message: Message) -> None:
        """Pass on what an upstream says."""
        if not self.too_large or self.status:
            await self._pass(message)

    async def answer(self, status: int, headers: Headers, body: bytes, *, head: bool = False) -> None:
        """Answer from the gateway itself."""
        await answer(self._pass, status, headers, body, head=head)

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = outward(list(message["headers"]), status=self.status, request=self.request)
            message = {**message, "headers": headers}
        else:
            self.sent += len(message.get("body", b""))
        await self._send(message)
