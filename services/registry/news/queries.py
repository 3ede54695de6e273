"""What news can tell: what is published to everybody, the rest to who tells it and to the bureau."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.models import Cycle
from services.registry.news.domain import DRAFT, PUBLISHED, NewsUnknown
from services.registry.news.models import News
from services.registry.news.schemas import AuthorView, CatalogueNewsView, NewsView
from services.registry.organisations.models import Organisation
from shared.cached import Edition
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


def sight(caller: Caller, row: News) -> bool:
    """Tell whether the caller sees the news."""
    return row.status == PUBLISHED or caller.kind == "bureau" or row.organisation_id == caller.organisation_id


async def get_news(session: AsyncSession, news_id: str, caller: Caller) -> NewsView:
    row = await session.get(News, news_id)
    if row is None or not sight(caller, row):
        raise NewsUnknown(news_id)
    return NewsView.model_validate(row)


async def list_news(
    session: AsyncSession, paging: AskedPage, caller: Caller, *, cycle_id: str | None, class_id: str | None
) -> Page[NewsView]:
    """List what is published, and one's own of every status."""
    own = or_(News.status == PUBLISHED, News.organisation_id == caller.organisation_id)
    seen = true() if caller.kind == "bureau" else own
    asked = _of(cycle_id, class_id).where(seen)
    return await page(session, asked, [News.id], paging, NewsView.model_validate)


async def list_published(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None, class_id: str | None
) -> Page[CatalogueNewsView]:
    """List what is published, the newest first, with the names of who tells it."""
    asked = _of(cycle_id, class_id).where(News.status == PUBLISHED)
    keys = [News.published_at, News.id]
    rows = await page(session, asked, keys, paging, lambda row: row, descending=True)
    named = select(Organisation).where(Organisation.id.in_({row.organisation_id for row in rows.items}))
    authors = {one.id: AuthorView.model_validate(one) for one in await session.scalars(named)}

    def view(row: News) -> CatalogueNewsView:
        told = NewsView.model_validate(row).model_dump(include=set(CatalogueNewsView.model_fields))
        return CatalogueNewsView.model_validate({**told, "author": authors[row.organisation_id]})

    return Page(items=[view(row) for row in rows.items], next=rows.next)


async def changed_at(session: AsyncSession, *, cycle_id: str | None, class_id: str | None) -> datetime | None:
    """Say when what is published last changed; a withdrawal changes it, too."""
    asked = _of(cycle_id, class_id).where(News.status != DRAFT)
    return await session.scalar(asked.with_only_columns(func.max(News.updated_at)))


async def edition_of_news(session: AsyncSession) -> Edition:
    """Sum up versions that only rise, in tables of which no row is deleted."""
    sums: list[int] = []
    for table in (News, Organisation, Cycle):
        marks = select(func.count(), func.coalesce(func.sum(table.version), 0)).select_from(table)
        # PostgreSQL sums 64 bits to a decimal.
        sums += [int(one) for one in (await session.execute(marks)).one()]
    return Edition(tuple(sums))


def _of(cycle_id: str | None, class_id: str | None) -> Select[News]:
    wanted: list[ColumnElement[bool]] = []
    if cycle_id is not None:
        wanted.append(News.cycle_id == cycle_id)
    if class_id is not None:
        wanted.append(News.class_id == class_id)
    return select(News).where(*wanted)
