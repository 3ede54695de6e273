"""What can be asked of news: draft it, correct it, publish it, withdraw it.

News of a cycle is told by the bureau and the talent exchange centre, of a class by its lead and its filer.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import ClassUnknown
from services.registry.classes.models import Class
from services.registry.classes.states import require_party
from services.registry.cycles.queries import get_pack
from services.registry.news.domain import (
    PUBLISHED,
    TELLS_OF_CYCLES,
    WITHDRAWN,
    NewsOfOthers,
    NewsUnknown,
    Step,
    check_class_held,
    check_step,
)
from services.registry.news.models import News
from services.registry.news.queries import sight
from services.registry.news.schemas import DraftNews, NewsView, TellNews
from services.registry.news.states import restate
from shared.caller import Caller, CallerNotAllowed
from shared.headers import check_version


async def draft_news(session: AsyncSession, asked: DraftNews, *, caller: Caller, now: datetime) -> NewsView:
    """Write news that nobody else sees yet."""
    cycle_id = asked.cycle_id or await _cycle_of(session, asked.class_id or "", caller)
    await get_pack(session, cycle_id)
    if asked.class_id is None and caller.kind not in TELLS_OF_CYCLES:
        raise CallerNotAllowed(kind=caller.kind, allowed=TELLS_OF_CYCLES)
    row = News(
        cycle_id=cycle_id,
        class_id=asked.class_id,
        organisation_id=caller.organisation_id or "",
        title_zh=asked.title_zh,
        title_en=asked.title_en,
        text_zh=asked.text_zh,
        text_en=asked.text_en,
        updated_at=now,
        drafted_by=caller.principal,
    )
    session.add(row)
    await restate(session, row, now)
    return NewsView.model_validate(row)


async def revise_news(
    session: AsyncSession,
    news_id: str,
    asked: TellNews,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> NewsView:
    """Tell a draft, or what is published, in other words; it keeps its id."""
    row = await _lock(session, news_id, caller, if_match, step="revision")
    await get_pack(session, row.cycle_id)
    row.title_zh, row.title_en = asked.title_zh, asked.title_en
    row.text_zh, row.text_en = asked.text_zh, asked.text_en
    await restate(session, row, now)
    return NewsView.model_validate(row)


async def publish_news(
    session: AsyncSession, news_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> NewsView:
    """Show a draft to everybody; of a class only while it is held."""
    row = await _lock(session, news_id, caller, if_match, step="publication")
    await get_pack(session, row.cycle_id)
    if row.class_id is not None:
        check_class_held(row.class_id, (await session.get_one(Class, row.class_id)).status)
    row.status, row.published_at, row.published_by = PUBLISHED, now, caller.principal
    await restate(session, row, now)
    return NewsView.model_validate(row)


async def withdraw_news(
    session: AsyncSession, news_id: str, reason: str, *, caller: Caller, now: datetime, if_match: int | None
) -> NewsView:
    """Take news back, for a reason; its organisation and the bureau may, be the cycle closed or not."""
    row = await _lock(session, news_id, caller, if_match, step="withdrawal")
    row.status, row.reason, row.withdrawn_by = WITHDRAWN, reason, caller.principal
    await restate(session, row, now)
    return NewsView.model_validate(row)


async def _cycle_of(session: AsyncSession, class_id: str, caller: Caller) -> str:
    """Name the cycle of a class for who may tell of it."""
    row = await session.get(Class, class_id)
    if row is None:
        raise ClassUnknown(class_id)
    require_party(row, caller, row.lead_id, row.filed_by)
    check_class_held(class_id, row.status)
    return row.cycle_id


async def _lock(
    session: AsyncSession, news_id: str, caller: Caller, if_match: int | None, *, step: Step
) -> News:
    """Get news for a change, for whom it belongs to; of others' drafts not even the existence is told."""
    row = await session.get(News, news_id, with_for_update=True, populate_existing=True)
    if row is None or not sight(caller, row):
        raise NewsUnknown(news_id)
    moderates = step == "withdrawal" and caller.kind == "bureau"
    if row.organisation_id != caller.organisation_id and not moderates:
        raise NewsOfOthers(news_id)
    check_version(row.version, if_match)
    check_step(news_id, row.status, step)
    return row
