"""Progress over HTTP."""

from services.enrollment.progress.queries import get_progress
from services.enrollment.progress.schemas import ProgressView
from shared.caller import Asking, callers
from shared.edge import Reading, router
from shared.schemas import CycleId

routes = router(tags=["progress"])


@routes.get("/v1/progress", summary="Read the progress of a cycle", **callers(signed_in=True))
async def read_progress(cycle_id: CycleId, session: Reading, caller: Asking) -> ProgressView:
    """Compare approved persons with the floors of the cycle, as far as the caller may see them."""
    return await get_progress(session, caller, cycle_id)
