"""HTTP in: classes and their training plans."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.registry.classes import cancellation_queries, queries
from services.registry.classes.commands import consents, drafts, plans, review, running
from services.registry.classes.schemas import (
    CancelClass,
    CancellationPreview,
    ClassFacts,
    ClassView,
    DraftClass,
    GiveReason,
    PutTrainingPlan,
    WholeClassView,
)
from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.events.registry import ClassStatus
from shared.paging import Page, Paging

routes = router(tags=["classes"])


@routes.post("/v1/classes", summary="Draft classes", **callers(signed_in=True))
async def draft_classes(
    body: Items[DraftClass], session: Writing, caller: Asking, now: Now
) -> Results[ClassView]:
    """Draft classes for the caller's organisation; the pack says which kinds of organisation may."""
    return await each(
        session, body.items, lambda asked: drafts.draft_class(session, asked, caller=caller, now=now)
    )


@routes.get("/v1/classes", summary="List classes", response_model=Page[ClassView], **callers(signed_in=True))
async def list_classes(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    status: ClassStatus | None = None,
    lead_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Response:
    """List classes; drafts of others are left out."""
    shown = await queries.list_classes(
        session, paging, caller, cycle_id=cycle_id, status=status, lead_id=lead_id
    )
    return Response(shown.model_dump_json(), media_type="application/json")


@routes.get("/v1/classes/{class_id}", summary="Get a class", **callers(signed_in=True))
async def get_class(class_id: str, request: Request, session: Reading, caller: Asking) -> WholeClassView:
    """Get a class; its training plan is shown to who has a part in it, agrees to plans, or tracks."""
    return await queries.get_class(session, class_id, caller, request.app.state.sealer)


@routes.put("/v1/classes/{class_id}", summary="Revise a class", **callers(signed_in=True))
async def revise_class(
    class_id: str, body: ClassFacts, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Replace what a draft or a returned class says; only its filer may."""
    return await drafts.revise_class(session, class_id, body, caller=caller, now=now, if_match=if_match)


@routes.put("/v1/classes/{class_id}/training-plan", summary="Put a training plan", **callers(signed_in=True))
async def put_training_plan(
    class_id: str,
    body: PutTrainingPlan,
    request: Request,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
) -> WholeClassView:
    """Replace the plan of a draft or a returned class; its lead and its filer may."""
    sealer = request.app.state.sealer
    await plans.put_training_plan(
        session, class_id, body, caller=caller, sealer=sealer, now=now, if_match=if_match
    )
    return await queries.get_class(session, class_id, caller, sealer)


@routes.post(
    "/v1/classes/{class_id}/consents", summary="Consent to a training plan", **callers(signed_in=True)
)
async def consent_to_plan(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Consent to the plan of a draft or a returned class, as one who has a part in it."""
    return await consents.consent_to_plan(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post(
    "/v1/classes/{class_id}/consents/withdrawal",
    summary="Withdraw a consent to a training plan",
    **callers(signed_in=True),
)
async def withdraw_consent(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Take back a consent that the caller's organisation gave, until the class is filed."""
    return await consents.withdraw_consent(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/classes/{class_id}/filing", summary="File a class", **callers(signed_in=True))
async def file_class(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Hand a draft or a returned class in for review; only its filer may."""
    return await review.file_class(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post(
    "/v1/classes/{class_id}/agreement", summary="Agree a training plan", **callers(act="agree_training_plans")
)
async def agree_training_plan(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Agree to the plan of a filed class."""
    return await plans.agree_training_plan(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post(
    "/v1/classes/{class_id}/coordination",
    summary="Coordinate a class",
    **callers(act="coordinate_commissioned_classes"),
)
async def coordinate_class(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Take a joint or commissioned class into the national coordination."""
    return await review.coordinate_class(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/classes/{class_id}/approval", summary="Approve a class", **callers(act="approve_classes"))
async def approve_class(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Approve a filed class: plan agreed, coordinated if the pack asks it, designations in force."""
    return await review.approve_class(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/classes/{class_id}/return", summary="Return a class", **callers(act="approve_classes"))
async def return_class(
    class_id: str, body: GiveReason, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Give a filed class back for correction, with a reason."""
    return await review.return_class(
        session, class_id, body.reason, caller=caller, now=now, if_match=if_match
    )


@routes.post("/v1/classes/{class_id}/start", summary="Start a class", **callers(signed_in=True))
async def start_class(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Let an approved class begin; only its lead may."""
    return await running.start_class(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.post("/v1/classes/{class_id}/finish", summary="Finish a class", **callers(signed_in=True))
async def finish_class(
    class_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Close a running class; only its lead may."""
    return await running.finish_class(session, class_id, caller=caller, now=now, if_match=if_match)


@routes.get(
    "/v1/classes/{class_id}/cancellation", summary="Preview a cancellation", **callers(signed_in=True)
)
async def preview_cancellation(
    class_id: str, session: Reading, caller: Asking, now: Now
) -> CancellationPreview:
    """Show who may cancel a class what goes with it; its `ETag` is what the cancellation rests on."""
    return await cancellation_queries.preview_cancellation(session, class_id, caller=caller, now=now)


@routes.post(
    "/v1/classes/{class_id}/cancellation",
    summary="Cancel a class",
    responses={428: {}},
    **callers(signed_in=True),
)
async def cancel_class(
    class_id: str, body: CancelClass, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassView:
    """Call a class off for a cause; `If-Match` names what was shown. Its filer, lead, or approver may."""
    return await running.cancel_class(session, class_id, body, caller=caller, now=now, if_match=if_match)
