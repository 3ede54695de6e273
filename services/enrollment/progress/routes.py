"""Progress over HTTP."""

from fastapi import Response

from services.enrollment.progress.queries import get_progress
from services.enrollment.progress.report import DEPARTMENT, get_report
from services.enrollment.progress.schemas import AssumedProgress, Assumptions, ProgressView
from services.enrollment.progress.whatif import TRACK, assume
from shared.caller import Asking, callers
from shared.edge import Now, Reading, router
from shared.schemas import CycleId
from shared.workbook import WorkbookAnswer

routes = router(tags=["progress"])


@routes.get("/v1/progress", summary="Read the progress of a cycle", **callers(signed_in=True))
async def read_progress(cycle_id: CycleId, session: Reading, caller: Asking) -> ProgressView:
    """Compare approved persons with the floors of the cycle, as far as the caller may see them."""
    return await get_progress(session, caller, cycle_id)


@routes.get(
    "/v1/progress/workbook",
    summary="Export the annual report of a cycle",
    response_class=WorkbookAnswer,
    **callers(act=TRACK, or_kinds=("bureau", DEPARTMENT)),
)
async def export_report(cycle_id: CycleId, session: Reading, caller: Asking, now: Now) -> Response:
    """Export the floors with their clauses and all counts; a department gets what it sees."""
    sheets = await get_report(session, caller, cycle_id, now)
    return await WorkbookAnswer.of_many(sheets, f"annual-report-{cycle_id}", now)


@routes.post(
    "/v1/progress/what-if",
    summary="Try what would change a floor",
    **callers(act=TRACK, or_kinds=("bureau",)),
)
async def post_what_if(body: Assumptions, session: Reading, caller: Asking) -> AssumedProgress:
    """Tell the floors with other heads than there are; nothing is stored, no idempotency key either."""
    return await assume(session, caller, body)
