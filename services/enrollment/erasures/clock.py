"""Erasing by the clock, in the worker: who is over the time is erased without being asked for.

In a rehearsal the time is what each request says, so nobody is erased but by a request.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from services.enrollment.erasures.commands import sweep
from services.enrollment.erasures.due import list_due, list_phones_due
from services.enrollment.erasures.settings import RetentionSettings
from shared.database import Database
from shared.faults import ConcurrentChange

TOPIC = "erasures"
PAUSE = 3600.0
"""Dates pass by the day: a worker that found nobody looks again after so many seconds."""


def _real_time() -> datetime:
    return datetime.now(UTC)


class EraseByTheClock:
    """Erase batch after batch until nobody is due, then rest; of several workers one is at it."""

    def __init__(self, now: Callable[[], datetime] = _real_time) -> None:
        self._now = now
        self._rests_until = 0.0

    async def __call__(self, db: Database) -> int:
        settings = RetentionSettings()
        if settings.is_rehearsal or time.monotonic() < self._rests_until:
            return 0
        done = await self._erase(db, settings, self._now())
        if not done:
            self._rests_until = time.monotonic() + PAUSE
        return done

    async def _erase(self, db: Database, settings: RetentionSettings, now: datetime) -> int:
        terms = settings.terms
        async with db.read() as session:
            due = await list_due(session, terms, now) or await list_phones_due(session, terms, now)
        if not due:
            return 0
        async with db.lease(TOPIC) as lease:
            if lease is not None and not await lease.held():
                return 0
            try:
                async with db.write() as session:
                    swept = await sweep(session, terms, now)
            except ConcurrentChange:  # one of them is nominated or merged just now
                return 0
            return len(swept.erased) + swept.phones
