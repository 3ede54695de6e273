"""Activities over HTTP."""

from services.enrollment.activities.commands import (
    cancel_activity,
    hold_activity,
    open_activity,
    plan_activities,
    record_participation,
)
from services.enrollment.activities.queries import get_activity, list_activities, list_participants
from services.enrollment.activities.registration import register_participants, withdraw_participant
from services.enrollment.activities.schemas import (
    ActivityView,
    CancelActivity,
    ParticipantView,
    PlanActivity,
    RecordParticipation,
    RegisterParticipant,
)
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Code, CycleId

routes = router(tags=["activities"])


@routes.post("/v1/activities", summary="Plan activities", **callers(signed_in=True))
async def post_activities(
    body: Items[PlanActivity], session: Writing, caller: Asking, now: Now
) -> Results[ActivityView]:
    """Plan activities of the kinds that the cycle has, to be held by the caller."""
    return await plan_activities(session, caller, body.items, now)


@routes.get("/v1/activities", summary="List activities", **callers(signed_in=True))
async def read_activities(
    session: Reading, paging: Paging, cycle_id: CycleId | None = None, kind: Code | None = None
) -> Page[ActivityView]:
    return await list_activities(session, paging, cycle_id=cycle_id, kind=kind)


@routes.get("/v1/activities/{activity_id}", summary="Read one activity", **callers(signed_in=True))
async def read_activity(activity_id: str, session: Reading) -> ActivityView:
    return ActivityView.model_validate(await get_activity(session, activity_id))


@routes.post("/v1/activities/{activity_id}/opening", summary="Open an activity", **callers(signed_in=True))
async def post_opening(
    activity_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ActivityView:
    """Let people register."""
    return ActivityView.model_validate(await open_activity(session, caller, activity_id, now, if_match))


@routes.post(
    "/v1/activities/{activity_id}/holding", summary="Record that it was held", **callers(signed_in=True)
)
async def post_holding(
    activity_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ActivityView:
    """Write down, from its first day on, that an open activity was held."""
    return ActivityView.model_validate(await hold_activity(session, caller, activity_id, now, if_match))


@routes.post(
    "/v1/activities/{activity_id}/cancellation", summary="Call off an activity", **callers(signed_in=True)
)
async def post_cancellation(
    activity_id: str, body: CancelActivity, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ActivityView:
    """Call off an activity that was not held, with a reason that everybody may read."""
    cancelled = await cancel_activity(session, caller, activity_id, body.reason, now, if_match)
    return ActivityView.model_validate(cancelled)


@routes.post(
    "/v1/activities/{activity_id}/participants", summary="Register participants", **callers(signed_in=True)
)
async def post_participants(
    activity_id: str, body: Items[RegisterParticipant], session: Writing, caller: Asking, now: Now
) -> Results[ParticipantView]:
    """Register by enrolment, by certificate, or by a certificate of before; beyond the places they wait."""
    return await register_participants(session, caller, activity_id, body.items, now)


@routes.get(
    "/v1/activities/{activity_id}/participants", summary="List who takes part", **callers(signed_in=True)
)
async def read_participants(
    activity_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[ParticipantView]:
    """List who takes part or waits, as far as the caller may see them, by pseudonymous id."""
    return await list_participants(session, caller, activity_id, paging)


@routes.post(
    "/v1/activities/{activity_id}/participants/{participant_id}/withdrawal",
    summary="Withdraw a participant",
    **callers(signed_in=True),
)
async def post_participant_withdrawal(
    activity_id: str, participant_id: str, session: Writing, caller: Asking, now: Now
) -> ParticipantView:
    """Free a place of an open activity; the first who waits moves up at once."""
    return await withdraw_participant(session, caller, activity_id, participant_id, now)


@routes.post("/v1/activities/{activity_id}/attendance", summary="Record who came", **callers(signed_in=True))
async def post_participation(
    activity_id: str, body: Items[RecordParticipation], session: Writing, caller: Asking, now: Now
) -> Results[ParticipantView]:
    """Say who came to an activity that was held; the last word stands."""
    return await record_participation(session, caller, activity_id, body.items, now)
