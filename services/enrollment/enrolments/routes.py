"""Enrolments over HTTP."""

from services.enrollment.enrolments.queries import get_enrolment, list_enrolments
from services.enrollment.enrolments.schemas import EnrolmentView
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import Reading, router
from shared.paging import Page, Paging
from shared.schemas import CycleId, Id

routes = router(tags=["enrolments"])


@routes.get("/v1/enrolments", summary="List the trainees of a class or a cycle", **callers(signed_in=True))
async def read_enrolments(
    session: Reading,
    caller: Asking,
    sealer: Sealing,
    paging: Paging,
    class_id: Id | None = None,
    cycle_id: CycleId | None = None,
) -> Page[EnrolmentView]:
    """Name a class, a cycle, or both; each caller sees its own trainees (Q11), masked."""
    return await list_enrolments(session, caller, sealer, paging, class_id=class_id, cycle_id=cycle_id)


@routes.get("/v1/enrolments/{enrolment_id}", summary="Read one trainee", **callers(signed_in=True))
async def read_enrolment(
    enrolment_id: str, session: Reading, caller: Asking, sealer: Sealing
) -> EnrolmentView:
    return await get_enrolment(session, caller, sealer, enrolment_id)
