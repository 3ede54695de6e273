"""Keeping what classes were: every version that is heard, once, in whatever order they come.

The copy of a class is only what it is now; the history is put in order when it is read.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.timelines.models import ClassVersion
from shared.database import upsert
from shared.events.envelope import Event
from shared.events.registry import ClassState


async def keep_history(session: AsyncSession, states: Sequence[Event]) -> None:
    """Keep the versions of classes among these states; one that is kept stays as it is."""
    rows = {}
    for one in states:
        if one.type == ClassState.state_type():
            body = ClassState.model_validate(one.data)
            rows[body.id, one.version] = {
                "class_id": body.id,
                "version": one.version,
                "status": body.status,
                "number": body.number,
                "pending_revision_id": body.pending_revision_id,
                "at": one.time,
            }
    if rows:
        await session.execute(
            upsert(ClassVersion).on_conflict_do_nothing(), [rows[key] for key in sorted(rows)]
        )
