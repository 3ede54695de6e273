"""The sweep of this service by the clock, in its worker: what time brings is noted without being asked for.

In a rehearsal the time is what each request says, so nothing is noted but by `POST /v1/sweeps`.
"""

from datetime import UTC, datetime

from sqlalchemy import select

from services.registry.deadlines.models import Deadline
from services.registry.deadlines.queries import list_due
from services.registry.liaison.overdue import list_overdue
from services.registry.settings import SweepSettings
from services.registry.sweeps.commands import sweep
from shared.database import Database

TOPIC = "deadlines"


async def sweep_by_the_clock(db: Database) -> int:
    """Note what is due; nothing is locked while nothing is."""
    settings = SweepSettings()
    if settings.is_rehearsal:
        return 0
    now = datetime.now(UTC)
    async with db.read() as session:
        rows = (await session.scalars(select(Deadline).where(Deadline.withdrawn.is_(False)))).all()
        due = await list_due(session, rows, settings.notice_days, now)
        if not due and not await list_overdue(session, now):
            return 0
    async with db.write() as session:
        swept = await sweep(session, notice_days=settings.notice_days, now=now)
        return len(swept.notes) + len(swept.overdue)
