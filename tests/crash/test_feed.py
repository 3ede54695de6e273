"""The reader of the feed finds what a broken feed would do; a feed of this file stands for the real one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from tests.crash.feed import MOST_REMEMBERED, BeginAnew, EndsDiffer, Reader, WentBack


@dataclass
class Feed:
    """A numbered list of changes in pages of four; `lost` are numbers that a page leaves out, once."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)

    def tell(self, identifier: int, version: int) -> None:
        data = {"id": str(identifier), "at": version}
        self.changes.append(
            {"change": "upsert", "resource": "thing", "id": str(identifier), "version": version, "data": data}
        )

    def take_back(self, identifier: int, version: int) -> None:
        self.changes.append(
            {"change": "exit", "resource": "thing", "id": str(identifier), "version": version, "data": None}
        )

    async def page(self, cursor: str | None) -> Mapping[str, Any]:
        start = int(cursor or 0)
        numbers = range(start, min(start + 4, len(self.changes)))
        items = [self.changes[number] for number in numbers if number not in self.lost]
        self.lost -= set(numbers)
        return {"items": items, "next": str(start + len(numbers)), "more": start + 4 < len(self.changes)}


async def followed(feed: Feed, rounds: int = 200) -> Reader:
    """Read while the feed grows, one page after each of its changes."""
    reader = Reader(feed.page, Random(7))
    chance, versions = Random(8), dict.fromkeys(range(12), 0)
    for _ in range(rounds):
        thing = chance.randrange(12)
        versions[thing] += 1
        (feed.take_back if chance.random() < 0.2 else feed.tell)(thing, versions[thing])
        await reader.read_page()
    return reader


async def test_every_way_through_a_faithful_feed_ends_the_same():
    reader = await followed(Feed())
    await reader.check()
    assert len(reader.remembered) == MOST_REMEMBERED
    assert len({cursor for cursor, _ in reader.remembered}) == MOST_REMEMBERED
    assert reader.store


async def test_a_change_that_a_follower_missed_is_found_by_those_who_read_it():
    feed = Feed()
    feed.tell(99, 1)
    feed.lost = {0}
    reader = await followed(feed)
    with pytest.raises(EndsDiffer, match="from the beginning"):
        await reader.check()


async def test_a_cursor_that_skips_is_found_by_resuming_there():
    feed = Feed()
    reader = await followed(feed)
    feed.tell(99, 1)
    reader.remembered = [(str(len(feed.changes)), dict(reader.store))]
    with pytest.raises(EndsDiffer, match="resumed after"):
        await reader.check()


async def test_a_feed_that_goes_back_is_found_at_once():
    feed = Feed()
    feed.tell(1, 2)
    feed.tell(1, 1)
    with pytest.raises(WentBack):
        await Reader(feed.page, Random(1)).read_page()


async def test_what_left_the_callers_sight_may_come_back_with_any_version():
    feed = Feed()
    feed.tell(1, 2)
    feed.take_back(1, 3)
    feed.tell(1, 3)
    reader = Reader(feed.page, Random(1))
    await reader.check()
    assert {subject: version for subject, (version, _) in reader.store.items()} == {"thing/1": 3}


async def test_a_reader_whose_cursor_is_no_good_any_more_begins_anew():
    feed = Feed()
    reader = await followed(feed)

    async def page(cursor: str | None) -> Mapping[str, Any]:
        if cursor is not None and int(cursor) > len(feed.changes):
            raise BeginAnew
        return await feed.page(cursor)

    feed.changes = []
    feed.tell(1, 1)
    reader.fetch = page
    await reader.check()
    assert reader.store == {"thing/1": (1, {"id": "1", "at": 1})}
