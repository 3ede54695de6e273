"""A home of three services that is started with five: the new ones come to hold all that the others have."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from deploy.home import database_url
from deploy.standalone import SERVICES, Home, running
from shared import republish
from shared.copies import copies
from shared.database import Database
from shared.events.envelope import Event
from shared.events.listeners import STATES
from shared.outbox import outbox
from tests.crash.settled import until_settled
from tests.support.played import play

OLD = ("registry", "enrollment", "certification")
NEW = ("evaluation", "integration")

Copies = dict[str, tuple[Any, ...]]
"""By aggregate: version, cycle, revision, audience and data."""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what a home sets for its process: the next test must not inherit it."""
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")


@pytest.fixture
async def before(tmp_path: Path) -> dict[str, Copies]:
    """Play two cycles and leave what three services would; give what the other two had heard meanwhile."""
    async with _home(tmp_path) as home:
        played = await play(home, evaluated=False)
        await played.platform.close()
        heard = {name: await _copies(home.databases[name]) for name in NEW}
    for name in NEW:
        for suffix in ("", "-wal", "-shm"):
            (tmp_path / f"{name}.db{suffix}").unlink(missing_ok=True)
    for name in OLD:  # what was said long ago is no longer there to be relayed
        await _erase(Database(database_url(tmp_path, name), name=name))
    return heard


async def test_the_new_services_hold_what_they_would_have_heard(tmp_path: Path, before: dict[str, Copies]):
    async with _home(tmp_path) as home:
        assert {name: await _copies(home.databases[name]) for name in NEW} == before
        assert len(before["integration"]) > len(STATES)
        told = await _told(home)
    assert {only_for for only_for, _ in told} == set(NEW)
    async with _home(tmp_path) as home:  # and the next start has nothing to tell
        assert await _told(home) == told


async def test_a_start_that_was_killed_while_it_told_them_is_made_up_for(
    tmp_path: Path, before: dict[str, Copies], monkeypatch: pytest.MonkeyPatch
):
    class Killed(BaseException):
        """The process ends here."""

    record, steps = republish.record, 0

    async def killing(session: AsyncSession, *events: Event, only_for: str | None = None) -> None:
        nonlocal steps
        steps += 1
        if steps == 9:
            raise Killed
        await record(session, *events, only_for=only_for)

    with monkeypatch.context() as killed:
        killed.setattr(republish, "record", killing)
        with pytest.raises(Killed):
            async with running(tmp_path, port=0, mode="rehearsal"):
                pass
    async with _home(tmp_path) as home:
        assert {name: await _copies(home.databases[name]) for name in NEW} == before


async def test_an_owner_whose_own_copies_are_lost_does_not_keep_the_home_down(
    tmp_path: Path, before: dict[str, Copies]
):
    await _forget(Database(database_url(tmp_path, "enrollment"), name="enrollment"))
    async with _home(tmp_path) as home:
        # its own copies come back, and then it can tell the others what it has
        told = await republish.republish(
            home.databases["enrollment"], SERVICES["enrollment"].restated, "integration"
        )
        await until_settled(list(home.databases.values()))
        now = await _copies(home.databases["integration"])
    assert told["enrollment.nomination"] == 8
    # What a class showed before is not known once its copy was lost: all of it counts as new to its parties.
    assert _unversioned(now) == _unversioned(before["integration"])


@asynccontextmanager
async def _home(folder: Path) -> AsyncIterator[Home]:
    """Run a home that has come to rest."""
    async with running(folder, port=0, mode="rehearsal") as home:
        await until_settled(list(home.databases.values()))
        yield home


async def _copies(db: Database) -> Copies:
    """Read the copies of what others state; marks that a service keeps beside them count arrivals."""
    stated = copies.c.resource.in_([one.RESOURCE for one in STATES])
    async with db.read() as session:
        rows = await session.execute(select(copies).where(copies.c.version > 0, stated))
        return {row.aggregate: (row.version, row.cycle, row.revision, row.audience, row.data) for row in rows}


def _unversioned(copies: Copies) -> Copies:
    return {aggregate: copy[1:] for aggregate, copy in copies.items()}


async def _told(home: Home) -> Sequence[tuple[str, str]]:
    """List what was said to one service alone, and of which aggregate."""
    told: list[tuple[str, str]] = []
    for name in OLD:
        async with home.databases[name].read() as session:
            rows = select(outbox.c.only_for, outbox.c.body).where(outbox.c.only_for.is_not(None))
            told += [(row.only_for, json.loads(row.body)["subject"]) for row in await session.execute(rows)]
    return told


async def _erase(db: Database) -> None:
    async with db.write() as session:
        await session.execute(delete(outbox))
    await db.close()


async def _forget(db: Database) -> None:
    async with db.write() as session:
        await session.execute(delete(copies))
    await db.close()
