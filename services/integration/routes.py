"""HTTP in: one function per operation."""

from typing import Annotated

from fastapi import Query

from services.integration import queries
from services.integration.schemas import ChangesView
from shared.caller import Asking, callers
from shared.edge import Reading, router
from shared.paging import MOST_ITEMS

routes = router(tags=["change feed"])


@routes.get("/v1/changes", summary="Read the change feed", **callers(signed_in=True))
async def list_changes(
    session: Reading,
    caller: Asking,
    after: Annotated[str | None, Query(description="上一页的 next / `next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="最多返回多少项 / how many items")] = 100,
) -> ChangesView:
    """Read what changed and concerns the caller, in one order that never skips; begin without `after`."""
    return await queries.list_changes(session, caller, after=after, limit=limit)
