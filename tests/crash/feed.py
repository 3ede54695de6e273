"""Readers of the change feed: each remembers the cursors it was given, and what it held there.

The promise: whoever goes on from any cursor, with what was held there, ends with the same store as everybody
else; it is what the lists show. A reader follows while things are killed; `check` asks when all is at rest.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from deploy.demo.cast import Cast
from deploy.demo.client import Actor, Platform
from deploy.demo.export import BY_CLASS, BY_CYCLE, WHOLE
from shared.database import until

Key = tuple[str, str]
"""Resource and id."""
Store = dict[Key, tuple[int, Any]]
"""What a reader holds: the version and the data of each thing that it may see."""
Fetch = Callable[[str | None], Awaitable[Mapping[str, Any]]]
"""Asks for the page after a cursor; None is the beginning."""

MOST_REMEMBERED = 50
LIMITS = (3, 40, 500)
PAUSE = 0.2
RESOURCES = {
    "/v1/organisations": "registry.organisation",
    "/v1/offices": "registry.office",
    "/v1/liaison-forms": "registry.liaison_form",
    "/v1/designations": "registry.designation",
    "/v1/classes": "registry.class",
    "/v1/enterprises": "enrollment.enterprise",
    "/v1/nominations": "enrollment.nomination",
    "/v1/rosters": "enrollment.roster",
    "/v1/enrolments": "enrollment.enrolment",
    "/v1/sessions": "enrollment.session",
    "/v1/completions": "enrollment.completion",
    "/v1/certificates": "certification.certificate",
}
"""Which resource the items of a list are."""


class WentBack(Exception):
    """The feed told an older version of a thing after a newer one."""


class EndsDiffer(Exception):
    """Two ways to the end of the feed did not lead to the same; says which and a few differences."""

    def __init__(self, way: str, found: Mapping[Key, Any], expected: Mapping[Key, Any]) -> None:
        keys = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
        shown = [(key, found.get(key), expected.get(key)) for key in keys[:5]]
        super().__init__(f"{way}: {len(keys)} differ, among them {shown}")


def take(store: Store, changes: Iterable[Mapping[str, Any]]) -> None:
    """Bring a store up to date, as a client of the feed does."""
    for change in changes:
        key = change["resource"], change["id"]
        if change["change"] == "exit":
            store.pop(key, None)
        elif key in store and store[key][0] > change["version"]:
            raise WentBack(key, store[key][0], change["version"])
        else:
            store[key] = change["version"], change["data"]


async def read_on(fetch: Fetch, cursor: str | None, held: Mapping[Key, tuple[int, Any]]) -> Store:
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
        page = await self.fetch(self.cursor)
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
    """Compare ids and versions of a store with the lists of somebody who sees everything."""
    listed: dict[Key, int] = {}
    for path, query in await _lists(platform, actor):
        async for item in platform.pages(actor, path, **query):
            listed[RESOURCES[path], item["id"]] = item["version"]
    told = {key: version for key, (version, _) in store.items() if key[0] in RESOURCES.values()}
    if told != listed:
        raise EndsDiffer("feed and lists", told, listed)


async def _lists(platform: Platform, actor: Actor) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Name every list of the export that shows versions, with what it is asked for."""
    found: list[tuple[str, Mapping[str, str]]] = [(path, {}) for path, _ in WHOLE if path in RESOURCES]
    cycles = [pack["cycle_id"] async for pack in platform.pages(actor, "/v1/policy-packs")]
    for cycle in cycles:
        found += [(path, {"cycle_id": cycle}) for path, _ in BY_CYCLE if path in RESOURCES]
        async for one in platform.pages(actor, "/v1/classes", cycle_id=cycle):
            found += [(path, {"class_id": one["id"]}) for path, _ in BY_CLASS if path in RESOURCES]
    return found


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
            return await self.platform.get(actor, "/v1/changes", limit=self.chance.choice(LIMITS), **after)

        return fetch


@asynccontextmanager
async def following(base_url: str, cast: Callable[[], Cast], chance: Random) -> AsyncIterator[Readers]:
    """Read the feed from the first page on; who read is lent, to `check` in the end."""
    platform, stop = Platform(base_url), asyncio.Event()
    readers = Readers(platform, chance)
    task = asyncio.create_task(readers.follow(cast, stop))
    try:
        yield readers
    finally:
        stop.set()
        await task
        await platform.close()
