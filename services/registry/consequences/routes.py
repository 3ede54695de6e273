"""HTTP in: what changes a suspension and all that rests on it."""

from services.registry.consequences import commands, imports
from services.registry.suspensions import queries
from services.registry.suspensions.schemas import ImportSuspension, LiftSuspension, SuspensionView
from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Writing, router

routes = router(tags=["suspensions"])


@routes.post(
    "/v1/suspensions/imports", summary="Import suspensions of past cycles", **callers(kinds=("bureau",))
)
async def import_suspensions(
    body: Items[ImportSuspension], session: Writing, now: Now
) -> Results[SuspensionView]:
    """Bring in what was decided about cycles that the platform never ran; each is answered by itself."""
    return await each(session, body.items, lambda asked: imports.import_suspension(session, asked, now))


@routes.post(
    "/v1/suspensions/{suspension_id}/lifting",
    summary="Lift a suspension",
    **callers(act="lift_suspensions", or_kinds=("bureau",)),
)
async def lift_suspension(
    suspension_id: str, body: LiftSuspension, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> SuspensionView:
    """End a suspension, with a reason: designations count again, returned classes may be filed again."""
    await commands.lift_suspension(
        session, suspension_id, body.reason, caller=caller, now=now, if_match=if_match
    )
    return await queries.get_suspension(session, suspension_id)
