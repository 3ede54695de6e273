"""Timelines over HTTP."""

from services.enrollment.timelines.queries import read_class_timeline, read_trainee_timeline
from services.enrollment.timelines.schemas import TimelineEvent
from shared.caller import Asking, callers
from shared.edge import Reading, router
from shared.paging import Page, Paging

routes = router(tags=["timelines"])


@routes.get(
    "/v1/timelines/classes/{class_id}", summary="Read the timeline of a class", **callers(signed_in=True)
)
async def get_class_timeline(
    class_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[TimelineEvent]:
    """Tell in order of time what happened in a class, as far as the caller may see its trainees."""
    return await read_class_timeline(session, caller, class_id, paging)


@routes.get(
    "/v1/timelines/enrolments/{enrolment_id}",
    summary="Read the timeline of a trainee",
    **callers(signed_in=True),
)
async def get_trainee_timeline(
    enrolment_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[TimelineEvent]:
    """Tell in order of time what happened to a trainee, from nomination to certificate."""
    return await read_trainee_timeline(session, caller, enrolment_id, paging)
