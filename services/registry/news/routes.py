"""HTTP in: news, to those who tell it; and what is published, as JSON and Atom, to everybody (C17, C24)."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.registry.cycles.queries import find_brand
from services.registry.news import commands, queries
from services.registry.news.atom import MEDIA_TYPE, AtomAnswer, Language, write_feed
from services.registry.news.schemas import (
    CatalogueNewsView,
    DraftNews,
    NewsView,
    TellNews,
    WithdrawNews,
)
from shared.cached import cached
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import AskedPage, Page, Paging

routes = router(tags=["news"])

CycleAsked = Annotated[str | None, Query(max_length=100)]
ClassAsked = Annotated[str | None, Query(max_length=36)]
_NEWEST = 100


@routes.post("/v1/news", summary="Draft news", status_code=201, **callers(signed_in=True))
async def draft_news(
    body: DraftNews, session: Writing, caller: Asking, now: Now, response: Response
) -> NewsView:
    """Write news of a cycle, or of a class that one leads or filed; nobody else sees a draft."""
    made = await commands.draft_news(session, body, caller=caller, now=now)
    response.headers["Location"] = f"/v1/news/{made.id}"
    return made


@routes.get("/v1/news", summary="List news", **callers(signed_in=True))
async def list_news(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: CycleAsked = None,
    class_id: ClassAsked = None,
) -> Page[NewsView]:
    """List what is published, and one's own drafts and withdrawn news."""
    return await queries.list_news(session, paging, caller, cycle_id=cycle_id, class_id=class_id)


@routes.get("/v1/news/{news_id}", summary="Get news", **callers(signed_in=True))
async def get_news(news_id: str, session: Reading, caller: Asking) -> NewsView:
    """Get one piece of news."""
    return await queries.get_news(session, news_id, caller)


@routes.put("/v1/news/{news_id}", summary="Correct news", **callers(signed_in=True))
async def revise_news(
    news_id: str, body: TellNews, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> NewsView:
    """Tell a draft, or what is published, in other words."""
    return await commands.revise_news(session, news_id, body, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/news/{news_id}/publication", summary="Publish news", **callers(signed_in=True))
async def publish_news(
    news_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> NewsView:
    """Show a draft to everybody."""
    return await commands.publish_news(session, news_id, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/news/{news_id}/withdrawal", summary="Withdraw news", **callers(signed_in=True))
async def withdraw_news(
    news_id: str, body: WithdrawNews, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> NewsView:
    """Take news back, with a reason; its organisation and the bureau may."""
    return await commands.withdraw_news(
        session, news_id, body.reason, caller=caller, now=now, if_match=if_match
    )


@routes.get(
    "/v1/catalogue/news",
    summary="Show news",
    response_model=Page[CatalogueNewsView],
    **callers(anyone=True),
)
async def show_news(
    request: Request,
    session: Reading,
    paging: Paging,
    cycle_id: CycleAsked = None,
    class_id: ClassAsked = None,
) -> Response:
    """Show what is published, the newest first."""
    edition = await queries.edition_of_news(session)
    asked = {"cycle_id": cycle_id, "class_id": class_id}
    return await cached(request, edition, lambda: queries.list_published(session, paging, **asked))


@routes.get(
    "/v1/catalogue/news.atom",
    summary="Show news as an Atom feed",
    response_class=AtomAnswer,
    **callers(anyone=True),
)
async def show_news_feed(
    request: Request,
    session: Reading,
    cycle_id: CycleAsked = None,
    class_id: ClassAsked = None,
    language: Annotated[Language, Query(description="Entries without English are told in Chinese.")] = "zh",
) -> Response:
    """Show the newest hundred as a feed (RFC 4287)."""
    asked = {"cycle_id": cycle_id, "class_id": class_id}

    async def render() -> bytes:
        brand = None if cycle_id is None else await find_brand(session, cycle_id)
        newest = await queries.list_published(session, AskedPage(_NEWEST), **asked)
        query = f"?{request.url.query}" if request.url.query else ""
        return write_feed(
            newest.items,
            address=f"{request.app.state.settings.issuer}{request.url.path}{query}",
            name=f"news {cycle_id or ''} {class_id or ''} {language}",
            brand=None if brand is None else brand.en if language == "en" else brand.zh,
            updated_at=await queries.changed_at(session, **asked),
            language=language,
        )

    edition = await queries.edition_of_news(session)
    return await cached(request, edition, render, media_type=MEDIA_TYPE)
