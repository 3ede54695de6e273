"""HTTP in: teaching bases. Which there are is public."""

from typing import Annotated

from fastapi import Query

from services.registry.bases import commands, queries
from services.registry.bases.schemas import BaseView, DesignateBase, EndBase
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["teaching bases"])


@routes.post(
    "/v1/teaching-bases",
    summary="Designate a teaching base",
    status_code=201,
    **callers(act="designate_bases"),
)
async def designate_teaching_base(
    body: DesignateBase, session: Writing, caller: Asking, now: Now
) -> BaseView:
    """Designate an enterprise as a teaching base, with its validity and the evidence."""
    return await commands.designate_base(session, body, caller=caller, now=now)


@routes.post(
    "/v1/teaching-bases/{base_id}/ending", summary="End a teaching base", **callers(act="designate_bases")
)
async def end_teaching_base(
    base_id: str, body: EndBase, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> BaseView:
    """End a teaching base before its validity runs out, for a reason."""
    return await commands.end_base(session, base_id, body, caller=caller, now=now, if_match=if_match)


@routes.get("/v1/teaching-bases", summary="List teaching bases", **callers(anyone=True))
async def list_teaching_bases(
    session: Reading,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    department_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[BaseView]:
    """List teaching bases, ended ones too."""
    return await queries.list_bases(session, paging, cycle_id=cycle_id, department_id=department_id)


@routes.get("/v1/teaching-bases/{base_id}", summary="Get a teaching base", **callers(anyone=True))
async def get_teaching_base(base_id: str, session: Reading) -> BaseView:
    """Get one teaching base."""
    return await queries.get_base(session, base_id)
