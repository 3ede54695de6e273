"""HTTP in: deadlines. They are public; putting one off stands in `extensions`."""

from typing import Annotated

from fastapi import Query

from services.registry.deadlines import queries
from services.registry.deadlines.schemas import DeadlineView
from shared.caller import callers
from shared.edge import Reading, router
from shared.paging import Page, Paging

routes = router(tags=["deadlines"])


@routes.get("/v1/deadlines", summary="List deadlines", **callers(anyone=True))
async def list_deadlines(
    session: Reading, paging: Paging, cycle_id: Annotated[str | None, Query(max_length=100)] = None
) -> Page[DeadlineView]:
    """List the deadlines of the cycles in force, or of one: until when, and for whom they are put off."""
    return await queries.list_deadlines(session, paging, cycle_id=cycle_id)


@routes.get("/v1/deadlines/{deadline_id}", summary="Get a deadline", **callers(anyone=True))
async def get_deadline(deadline_id: str, session: Reading) -> DeadlineView:
    """Get one deadline as it is in force now."""
    return await queries.get_deadline(session, deadline_id)
