"""Progress over HTTP."""

from services.enrollment.progress.queries import get_progress
from services.enrollment.progress.schemas import AssumedProgress, Assumptions, ProgressView
from services.enrollment.progress.whatif import TRACK, assume
from shared.caller import Asking, callers
from shared.edge import Reading, router
from shared.schemas import CycleId

routes = router(tags=["progress"])


@routes.get("/v1/progress", summary="Read the progress of a cycle", **callers(signed_in=True))
async def read_progress(cycle_id: CycleId, session: Reading, caller: Asking) -> ProgressView:
    """Compare approved persons with the floors of the cycle, as far as the caller may see them."""
    return await get_progress(session, caller, cycle_id)


@routes.post(
    "/v1/progress/what-if",
    summary="Try what would change a floor",
    **callers(act=TRACK, or_kinds=("bureau",)),
)
async def post_what_if(body: Assumptions, session: Reading, caller: Asking) -> AssumedProgress:
    """Tell the floors with other heads than there are; nothing is stored, no idempotency key either."""
    return await assume(session, caller, body)
