"""What the door hears of the registry, every few seconds: the keys of tokens, and who was revoked.

The two are asked for side by side, and a fault of one leaves the other; what was heard stays while the
registry is down. Gateways that started together do not ask together.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog

from gateway.asgi import App, get
from gateway.errors import UpstreamUnavailable
from gateway.headers import STAMP
from gateway.identity import Identity

_KEYS = "/oauth/jwks"
_REVOCATIONS = "/oauth/revocations"
_ANSWER_SECONDS = 2.0
_UNTIL_READY = 0.25
_ASKED_AGAIN_EVERY = 1.0
_SPREAD = 0.2

_log = structlog.get_logger("gateway")


class RegistryPoll:
    """Keeps an identity fresh. `now`, `sleep` and `chance` are the clock, the waiting and the dice."""

    def __init__(
        self,
        upstreams: Mapping[str, App],
        identity: Identity,
        *,
        poll_seconds: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._upstreams = upstreams
        self._identity = identity
        self._poll_seconds = poll_seconds
        self._now = now
        self._sleep = sleep
        self._chance = chance
        self._turn = asyncio.Lock()
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def keep(self) -> None:
        """Ask as long as the task runs: often until both were heard once, then at the pace of the poll."""
        try:
            while True:
                pause = spread(self._poll_seconds, self._chance())
                await self._sleep(pause if self._identity.ready else _UNTIL_READY)
                await self.once()
        finally:
            if self._asking is not None:
                self._asking.cancel()

    async def once(self) -> None:
        """Ask for both; with the registry down what is known stays."""
        async with self._turn:  # else a late answer could put back what a newer one has changed
            await asyncio.gather(self._hear(_KEYS, self._trust), self._hear(_REVOCATIONS, self._distrust))

    async def again(self) -> None:
        """Wait until the registry was asked once more: once for all who wait, and at most once a second."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_again())
        await asyncio.shield(self._asking)

    async def _ask_again(self) -> None:
        early = self._asked_at + _ASKED_AGAIN_EVERY - self._now()
        if early > 0:
            await self._sleep(early)
        self._asked_at = self._now()
        await self.once()

    async def _hear(self, path: str, believe: Callable[[bytes], None]) -> None:
        try:
            believe(await self._ask(path))
        except Exception as fault:  # noqa: BLE001  no fault of the registry may stop the door
            _log.warning("registry not heard", asked=path, error=fault)

    async def _ask(self, path: str) -> bytes:
        headers = [(STAMP, self._identity.recognise(None).stamp)]
        answer = await get(self._upstreams["registry"], path, seconds=_ANSWER_SECONDS, headers=headers)
        if answer.status != HTTPStatus.OK:
            raise UpstreamUnavailable(service="registry")
        return answer.body

    def _trust(self, body: bytes) -> None:
        self._identity.trust(body)

    def _distrust(self, body: bytes) -> None:
        self._identity.distrust(json.loads(body)["client_ids"])


def spread(seconds: float, chance: float) -> float:
    """Shorten a pause by up to a fifth, as chance (0 to 1) has it: never longer, for a poll is a promise."""
    return seconds * (1 - _SPREAD * chance)
