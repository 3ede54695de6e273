"""Sessions and attendance over HTTP."""

from fastapi import Request

from services.enrollment.learning.checking_in import open_check_in
from services.enrollment.learning.commands import plan_sessions, record_attendance
from services.enrollment.learning.completeness import report_completeness
from services.enrollment.learning.queries import list_sessions
from services.enrollment.learning.schemas import (
    AttendanceView,
    CheckInView,
    CompletenessView,
    OpenCheckIn,
    PlanSession,
    RecordAttendance,
    SessionView,
)
from services.enrollment.sealing import Sealing
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, keep_masked, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["learning"])


@routes.post("/v1/sessions", summary="Plan sessions", **callers(signed_in=True))
async def post_sessions(
    body: Items[PlanSession], session: Writing, caller: Asking, now: Now
) -> Results[SessionView]:
    """Plan sessions of classes that one leads, while they are approved or running."""
    return await plan_sessions(session, caller, body.items, now)


@routes.get("/v1/sessions", summary="List the sessions of a class", **callers(signed_in=True))
async def read_sessions(class_id: Id, session: Reading, caller: Asking, paging: Paging) -> Page[SessionView]:
    return await list_sessions(session, caller, class_id, paging)


@routes.post("/v1/sessions/{session_id}/attendance", summary="Record attendance", **callers(signed_in=True))
async def post_attendance(
    session_id: str, body: Items[RecordAttendance], session: Writing, caller: Asking, now: Now
) -> Results[AttendanceView]:
    """Record minutes per trainee as the lead; the last word stands until the completion is confirmed."""
    return await record_attendance(session, caller, session_id, body.items, now)


@routes.post(
    "/v1/sessions/{session_id}/check-in",
    status_code=201,
    summary="Open the check-in",
    **callers(signed_in=True),
)
async def post_check_in(
    session_id: str,
    body: OpenCheckIn,
    request: Request,
    session: Writing,
    caller: Asking,
    now: Now,
    sealer: Sealing,
) -> CheckInView:
    """Let trainees check in for a while, as the lead; the code is shown once and replaces the one before."""
    opened = await open_check_in(session, caller, session_id, body.minutes, now, sealer)
    keep_masked(request, opened.model_copy(update={"code": None}))
    return opened


@routes.get("/v1/class-completeness", summary="Report the modes of a class", **callers(signed_in=True))
async def read_completeness(class_id: Id, session: Reading, caller: Asking) -> CompletenessView:
    """Tell whether both modes of each pair occur in a class, planned and held."""
    return await report_completeness(session, caller, class_id)
