"""Readers of the change feed: each remembers the cursors it was given, and what it held there.

The promise: whoever goes on from any cursor, with what was held there, ends with the same store as everybody
else; it is what the lists show. A reader follows while things are killed; `check` asks when all is at rest.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from random import Random
from typing import Any

from deploy.demo.cast import Cast
from deploy.demo.client import Actor, Platform, Refused
from deploy.demo.readback import read_all
from shared.database import until

Store = dict[str, tuple[int, Any]]
"""What a reader holds: the version and the data of each subject that it may see."""
Fetch = Callable[[str | None], Awaitable[Mapping[str, Any]]]
"""Asks for the page after a cursor; None is the beginning."""

MOST_REMEMBERED = 50
LIMITS = (3, 40, 500)
PAUSE = 0.2


class WentBack(Exception):
    """The feed told an older version of a thing after a newer one."""


class EndsDiffer(Exception):
    """Two ways to the end of the feed did not lead to the same; says which and a few differences."""

    def __init__(self, way: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
        differ = sorted(one for one in found.keys() | expected.keys() if found.get(one) != expected.get(one))
        shown = [(one, found.get(one), expected.get(one)) for one in differ[:5]]
        super().__init__(f"{way}: {len(differ)} differ, among them {shown}")


class BeginAnew(Exception):
    """A pack has changed what the reader may see: its cursors are good for nothing any more."""


def take(store: Store, changes: Iterable[Mapping[str, Any]]) -> None:
    """Bring a store up to date, as a client of the feed does."""
    for change in changes:
        subject = f"{change['resource']}/{change['id']}"
        if change["change"] == "exit":
            store.pop(subject, None)
        elif subject in store and store[subject][0] > change["version"]:
            raise WentBack(subject, store[subject][0], change["version"])
        else:
            store[subject] = change["version"], change["data"]


async def read_on(fetch: Fetch, cursor: str | None, held: Mapping[str, tuple[int, Any]]) -> Store:
    """Read from a cursor to the end, with what was held there; give what is held then."""
    store, more = dict(held), True
    while more:
        page = await fetch(cursor)
        take(store, page["items"])
        cursor, more = page["next"], page["more"]
    return store


@dataclass(slots=True)
class Reader:
    """Follows the feed as one caller; keeps an even choice of the cursors that it saw."""

    fetch: Fetch
    chance: Random
    store: Store = field(default_factory=dict)
    cursor: str | None = None
    pages: int = 0
    remembered: list[tuple[str, Store]] = field(default_factory=list)

    async def follow(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await self.read_page():
                await until(stop, PAUSE)

    async def read_page(self) -> bool:
        """Read one page; tell whether there is more."""
        try:
            page = await self.fetch(self.cursor)
        except BeginAnew:
            self.cursor = None
            self.store.clear()
            self.remembered.clear()
            return True
        take(self.store, page["items"])
        self.cursor = page["next"]
        self.pages += 1
        self._remember(str(page["next"]))
        return bool(page["more"])

    def _remember(self, cursor: str) -> None:
        """Give every cursor the same chance to be among those kept."""
        if self.remembered and self.remembered[-1][0] == cursor:
            return
        if len(self.remembered) < MOST_REMEMBERED:
            self.remembered.append((cursor, dict(self.store)))
        elif (place := self.chance.randrange(self.pages)) < MOST_REMEMBERED:
            self.remembered[place] = cursor, dict(self.store)

    async def check(self) -> None:
        """Read to the end by every way; raise EndsDiffer unless all lead to the same store."""
        while await self.read_page():
            pass
        places: list[tuple[str | None, Store]] = [(None, {}), *self.remembered]
        for cursor, held in places:
            found = await read_on(self.fetch, cursor, held)
            if found != self.store:
                way = f"resumed after {cursor}" if cursor else "from the beginning"
                raise EndsDiffer(way, found, self.store)


async def check_lists(store: Store, platform: Platform, actor: Actor) -> None:
    """Compare subjects and versions of a store with the lists of somebody who sees everything."""
    listed = dict((await read_all(platform, actor)).versions())
    told = {subject: version for subject, (version, _) in store.items()}
    if told != listed:
        raise EndsDiffer("feed and lists", told, listed)


KINDS = ("bureau", "department", "institution")
"""Who follows: one that sees everything, and two that do not."""


@dataclass(slots=True)
class Readers:
    """A reader for each of KINDS, on a line of its own to the gateway; nobody kills during its requests."""

    platform: Platform
    chance: Random
    actors: dict[str, Actor] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)

    async def follow(self, cast: Callable[[], Cast], stop: asyncio.Event) -> None:
        """Follow as soon as all of KINDS can sign in."""
        while not set(KINDS) <= {actor.kind for actor in cast().actors.values()}:
            await until(stop, PAUSE)
            if stop.is_set():
                return
        async with asyncio.TaskGroup() as group:
            for kind in KINDS:
                self.actors[kind] = replace(cast().of_kind(kind))
                self.readers[kind] = Reader(self._changes_for(self.actors[kind]), self.chance)
                group.create_task(self.readers[kind].follow(stop))

    async def check(self) -> None:
        """Let every reader try its ways, and compare what the bureau holds with the lists."""
        for reader in self.readers.values():
            await reader.check()
        await check_lists(self.readers["bureau"].store, self.platform, self.actors["bureau"])

    def _changes_for(self, actor: Actor) -> Fetch:
        async def fetch(cursor: str | None) -> Mapping[str, Any]:
            after = {"after": cursor} if cursor else {}
            try:
                return await self.platform.get(
                    actor, "/v1/changes", limit=self.chance.choice(LIMITS), **after
                )
            except Refused as refused:
                if refused.status == HTTPStatus.GONE:
                    raise BeginAnew from None
                raise

        return fetch


@asynccontextmanager
async def following(base_url: str, cast: Callable[[], Cast], chance: Random) -> AsyncIterator[None]:
    """Read the feed from the first page on; when the body has come to its end, check every reader."""
    platform, stop = Platform(base_url), asyncio.Event()
    readers = Readers(platform, chance)
    task = asyncio.create_task(readers.follow(cast, stop))
    try:
        try:
            yield
        finally:
            stop.set()
            await task
        await readers.check()
    finally:
        await platform.close()
