"""How news is stated: to everybody while it is published, before and after to who tells it (C24)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.news.domain import PUBLISHED
from services.registry.news.models import News
from shared.events.audience import PUBLIC, organisation_term
from shared.events.envelope import Event, state
from shared.events.registry import NewsState
from shared.outbox import record


async def restate(session: AsyncSession, row: News, now: datetime) -> None:
    """Raise the version of changed news, or of new ones to the first, and state it."""
    row.version += 1
    row.updated_at = now
    await session.flush()
    await record(session, news_state(row, now))


def news_state(row: News, at: datetime) -> Event:
    return state(
        NewsState.model_validate(row, from_attributes=True),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        audience=(PUBLIC if row.status == PUBLISHED else organisation_term(row.organisation_id),),
    )
