"""Online hours over HTTP."""

from services.enrollment.online.commands import import_hours, import_statements
from services.enrollment.online.queries import list_online_records
from services.enrollment.online.schemas import ImportOnlineHours, ImportStatements, OnlineRecordView
from shared.bulk import Results
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["learning"])


@routes.post("/v1/online-hours", summary="Import online hours", **callers(signed_in=True))
async def post_online_hours(
    body: ImportOnlineHours, session: Writing, caller: Asking, now: Now
) -> Results[OnlineRecordView]:
    """Count what a learning platform says of trainees of a class that one runs; each record once."""
    return await import_hours(session, caller, body, now)


@routes.post("/v1/xapi-statements", summary="Import xAPI statements", **callers(signed_in=True))
async def post_statements(
    body: ImportStatements, session: Writing, caller: Asking, now: Now
) -> Results[OnlineRecordView]:
    """Count statements that something was completed, progressed or experienced; each id once."""
    return await import_statements(session, caller, body, now)


@routes.get("/v1/online-hours", summary="List the online hours of a class", **callers(signed_in=True))
async def read_online_hours(
    class_id: Id, session: Reading, caller: Asking, paging: Paging
) -> Page[OnlineRecordView]:
    return await list_online_records(session, caller, class_id, paging)
