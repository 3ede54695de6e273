"""HTTP in: extensions of deadlines."""

from services.registry.extensions import commands, queries
from services.registry.extensions.schemas import ExtendDeadline, ExtensionView
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["deadlines"])


@routes.post(
    "/v1/deadlines/{deadline_id}/extensions",
    summary="Extend a deadline",
    status_code=201,
    **callers(act="extend_deadlines"),
)
async def extend_deadline(
    deadline_id: str, body: ExtendDeadline, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ExtensionView:
    """Put a deadline off with a reason, for everybody or for some; it may have passed already."""
    given = await commands.extend_deadline(
        session, deadline_id, body, caller=caller, now=now, if_match=if_match
    )
    return await queries.show_extension(session, given)


@routes.get(
    "/v1/deadlines/{deadline_id}/extensions",
    summary="List the extensions of a deadline",
    **callers(signed_in=True),
)
async def list_extensions(
    deadline_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[ExtensionView]:
    """List who put the deadline off, when and why: all for who may give one, to others what is for them."""
    return await queries.list_extensions(session, paging, deadline_id, caller)
