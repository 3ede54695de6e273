"""One sweep over all that time brings: deadlines that are near or have passed, forms that are overdue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.deadlines import commands as deadlines
from services.registry.deadlines.models import DeadlineNote
from services.registry.liaison.models import LiaisonOverdue
from services.registry.liaison.overdue import note_overdue


@dataclass(frozen=True, slots=True)
class Swept:
    """What was not noted before."""

    notes: list[DeadlineNote]
    overdue: list[LiaisonOverdue]


async def sweep(session: AsyncSession, *, notice_days: Collection[int], now: datetime) -> Swept:
    """Note what is due, once however many sweep at once."""
    notes = await deadlines.sweep(session, notice_days=notice_days, now=now)
    return Swept(notes, await note_overdue(session, now))
