"""Departures over HTTP."""

from services.enrollment.departures.withdrawal import withdraw_trainee
from services.enrollment.enrolments.queries import enrolment_view
from services.enrollment.enrolments.schemas import EnrolmentView, WithdrawTrainee
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Writing, router

routes = router(tags=["enrolments"])


@routes.post(
    "/v1/enrolments/{enrolment_id}/withdrawal", summary="Withdraw a trainee", **callers(signed_in=True)
)
async def post_withdrawal(
    enrolment_id: str,
    body: WithdrawTrainee,
    session: Writing,
    caller: Asking,
    sealer: Sealing,
    now: Now,
    if_match: IfMatch,
) -> EnrolmentView:
    """Let a trainee of a class that one runs leave it; the head passes on or is freed (Q7, Q8)."""
    enrolment = await withdraw_trainee(session, caller, enrolment_id, body.reason, now, if_match)
    return await enrolment_view(session, sealer, enrolment)
