"""What a service has stated of each aggregate, and what it states again for one consumer."""

import json
from typing import Any

from sqlalchemy import select

from shared.database import Database
from shared.events.envelope import Event
from shared.outbox import outbox
from shared.republish import Restated, republish

Told = dict[str, tuple[Any, ...]]
"""By aggregate: version, cycle, revision, audience and data."""


async def told_last(db: Database) -> Told:
    """Read the newest state of each aggregate that everybody was told."""
    return await _told(db, None)


async def told_again(db: Database, restated: Restated) -> Told:
    """Republish everything to integration, and read what it was told."""
    await republish(db, restated, "integration")
    return await _told(db, "integration")


async def _told(db: Database, only_for: str | None) -> Told:
    to_these = outbox.c.only_for.is_(None) if only_for is None else outbox.c.only_for == only_for
    states = select(outbox.c.body).where(outbox.c.type.like("%.state.v1"), to_these)
    async with db.read() as session:
        bodies = await session.scalars(states.order_by(outbox.c.position))
        events = [Event.from_wire(json.loads(body)) for body in bodies]
    return {
        one.subject: (one.version, one.cycle, one.revision, one.audience, dict(one.data)) for one in events
    }
