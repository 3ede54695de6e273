"""Waiting for a copy that lags: a refusal that rests on one, and one watcher for all who wait.

Forty waiters that each read at every wake-up starved each other; here one task reads once for all
of them, and lives only while somebody waits.
"""

import asyncio
from collections import Counter
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from shared.copies import TOPIC, copies
from shared.database import Database, until
from shared.ids import minted_seconds_ago

MOST_WAITERS = 100
FRESH_SECONDS = 60
RETRY_AFTER_SECONDS = 2
MAY_WAIT = "lingjun.may_wait"
"""Whether this run of a command may still be followed by another: in the scope and in `session.info`."""

_POLL_SECONDS = 0.25
_PAUSE_SECONDS = 0.01  # gathers a storm of wake-ups into one look
_CLOCK_SKEW = 5

Lag = tuple[str, int]
"""An aggregate and the version of its copy that the refusal rests on; 0 when there is none."""


class RestsOnCopy(Exception):
    """`refusal` may be out of date: it rests on version `seen` of the copy of `aggregate`."""

    def __init__(self, refusal: Exception, aggregate: str, seen: int) -> None:
        self.refusal = refusal
        self.aggregate = aggregate
        self.seen = seen
        super().__init__(aggregate, seen)

    @property
    def may_change_soon(self) -> bool:
        """Tell whether waiting may help: an aggregate never heard of must be minted just now."""
        if self.seen > 0:
            return True
        age = minted_seconds_ago(self.aggregate.rpartition("/")[2])
        return age is not None and -_CLOCK_SKEW <= age <= FRESH_SECONDS


class CopyWatch:
    """Tells waiters when a copy has risen."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._risen: dict[Lag, asyncio.Event] = {}
        self._waiters = Counter[Lag]()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiters(self) -> int:
        return self._waiters.total()

    async def rises(self, lag: Lag, seconds: float) -> bool:
        """Wait until the copy is newer than what was seen; False when time or seats have run out."""
        if seconds <= 0 or self.waiters >= MOST_WAITERS:
            return False
        risen = self._risen.setdefault(lag, asyncio.Event())
        self._waiters[lag] += 1
        self._woken.set()  # the copy may have risen since it was seen: look at once
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(), name="copy watch")
        try:
            async with asyncio.timeout(seconds):
                return await risen.wait()
        except TimeoutError:
            return False
        finally:
            self._leave(lag)

    def _leave(self, lag: Lag) -> None:
        self._waiters[lag] -= 1
        if not self._waiters[lag]:
            del self._waiters[lag], self._risen[lag]

    async def _watch(self) -> None:
        with self._database.waker(TOPIC) as self._woken:
            while self._risen:
                self._woken.clear()
                # A database that does not answer now may do so at the next look.
                with suppress(SQLAlchemyError, OSError):
                    await self._look()
                await asyncio.sleep(_PAUSE_SECONDS)
                await until(self._woken, _POLL_SECONDS)

    async def _look(self) -> None:
        names = {aggregate for aggregate, _ in self._risen}
        async with self._database.read() as session:
            rows = await session.execute(
                select(copies.c.aggregate, copies.c.version).where(copies.c.aggregate.in_(names))
            )
            versions = {row.aggregate: row.version for row in rows}
        for (aggregate, seen), risen in self._risen.items():
            if versions.get(aggregate, 0) > seen:
                risen.set()
