"""Play a line while its home is killed at random moments, and compare what comes of it.

Readers of the change feed follow all the while, and in the end every cursor that they saw is tried.

A kill happens while a request is in flight: the client has sent it and does not know whether it
was done. It then says the same again, with the same idempotency key, until it is answered.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

import httpx
from typing_extensions import override

from deploy.demo.client import Actor, Platform
from deploy.demo.export import Export
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play
from deploy.demo.story import Story
from tests.crash.feed import following

LABEL = "2022-2023"
SMALL = 40
"""The trainees of the runs in `make test`: a few a class."""
LONGEST_DELAY = 0.03
"""A kill comes within this many seconds after its request was sent."""


class Home(Protocol):
    """A running platform that can be killed."""

    @property
    def base_url(self) -> str: ...
    @property
    def operator(self) -> Actor: ...
    async def kill(self, chance: Random) -> None:
        """Kill -9 a process of the home and start it again."""
        ...

    async def settled(self) -> None:
        """Return when every event was relayed and handled; raise when one is parked or never will be."""
        ...


@dataclass(slots=True)
class Killing(httpx.AsyncBaseTransport):
    """Sends requests on, and kills the home during those whose numbers are in `moments`.

    A moment that falls into a kill under way is made up for when the home is back.
    """

    kill: Callable[[], Awaitable[None]]
    moments: frozenset[int]
    chance: Random
    inner: httpx.AsyncHTTPTransport = field(default_factory=httpx.AsyncHTTPTransport)
    sent: int = 0
    due: int = 0
    kills: int = 0
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        self.due += self.sent in self.moments
        if self.due and not self.under_way:
            self.due -= 1
            task = asyncio.create_task(self._kill_soon())
            self.under_way.add(task)
            task.add_done_callback(self.under_way.discard)
        return await self.inner.handle_async_request(request)

    async def _kill_soon(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, LONGEST_DELAY))
        self.kills += 1
        await self.kill()

    async def make_up(self) -> None:
        """Kill for the moments that fell into the last kill or were still to come, and then no more."""
        await asyncio.gather(*self.under_way)
        left, self.moments, self.due = len(self.moments) - self.kills, frozenset(), 0
        for _ in range(left):
            await self._kill_soon()

    @override
    async def aclose(self) -> None:
        await asyncio.gather(*self.under_way)
        await self.inner.aclose()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a line came to: the canonical export, and how many requests and kills it took."""

    export: str
    requests: int
    kills: int


async def play_line(
    home: Home, *, trainees: int, moments: frozenset[int] = frozenset(), seed: int = 0
) -> Outcome:
    """Play a cycle to its end whatever is killed on the way, and export it."""
    chance = Random(seed)
    transport = Killing(lambda: home.kill(chance), moments, chance)
    platform = Platform(home.base_url, transport=transport)
    try:
        story = Story(platform, home.operator, shipped_packs(), LABEL, trainees, lambda *_: None)
        async with following(home.base_url, lambda: story.cast, Random(seed)):
            await play(story)
            await transport.make_up()
            await home.settled()
        export = await Export(platform, story.cast.of_kind("bureau")).collect()
    finally:
        await platform.close()
    return Outcome(export, transport.sent, transport.kills)


def choose_moments(requests: int, kills: int, seed: int) -> frozenset[int]:
    """Choose the numbers of the requests during which the home dies."""
    return frozenset(Random(seed).sample(range(20, requests - 20), kills))
