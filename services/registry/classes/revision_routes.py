"""HTTP in: the versions of a class, and the revisions that are proposed to an approved one."""

from typing import Annotated

from fastapi import Query, Request

from services.registry.classes import revision_queries as queries
from services.registry.classes.commands import revising
from services.registry.classes.revisions import RevisionStatus
from services.registry.classes.schemas import (
    ClassRevisionView,
    ClassVersionView,
    GiveReason,
    ProposeRevision,
)
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["classes"])


@routes.get(
    "/v1/classes/{class_id}/versions",
    summary="List the approved versions of a class",
    **callers(signed_in=True),
)
async def list_class_versions(
    class_id: str, request: Request, session: Reading, caller: Asking, paging: Paging
) -> Page[ClassVersionView]:
    """List what was approved of a class, version by version; plans as the class shows its own."""
    return await queries.list_versions(session, paging, class_id, caller, request.app.state.sealer)


@routes.post(
    "/v1/class-revisions",
    summary="Propose a revision of a class",
    status_code=201,
    **callers(signed_in=True),
)
async def propose_revision(
    body: ProposeRevision, request: Request, session: Writing, caller: Asking, now: Now
) -> ClassRevisionView:
    """Propose a change of an approved class, with a reason; until it is approved the class stays as it is.

    Answers to a `POST` mask the names of lecturers: they are kept, to be given again.
    """
    revision = await revising.propose_revision(
        session, body, caller=caller, sealer=request.app.state.sealer, now=now
    )
    return queries.view_revision(revision)


@routes.get("/v1/class-revisions", summary="List revisions of classes", **callers(signed_in=True))
async def list_class_revisions(
    request: Request,
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    class_id: Annotated[str | None, Query(max_length=36)] = None,
    status: RevisionStatus | None = None,
) -> Page[ClassRevisionView]:
    """List revisions of classes in which the caller has a part, or over whose plans it has a say."""
    return await queries.list_revisions(
        session,
        paging,
        caller,
        request.app.state.sealer,
        cycle_id=cycle_id,
        class_id=class_id,
        status=status,
    )


@routes.get(
    "/v1/class-revisions/{class_revision_id}", summary="Get a revision of a class", **callers(signed_in=True)
)
async def get_class_revision(
    class_revision_id: str, request: Request, session: Reading, caller: Asking
) -> ClassRevisionView:
    """Get one revision."""
    return await queries.get_revision(session, class_revision_id, caller, request.app.state.sealer)


@routes.post(
    "/v1/class-revisions/{class_revision_id}/agreement",
    summary="Agree to a revision of a class",
    **callers(act="agree_training_plans"),
)
async def agree_revision(
    class_revision_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassRevisionView:
    """Agree to the plan of a revision, or to who would arrange the class."""
    return queries.view_revision(
        await revising.agree_revision(session, class_revision_id, caller=caller, now=now, if_match=if_match)
    )


@routes.post(
    "/v1/class-revisions/{class_revision_id}/coordination",
    summary="Coordinate a revision of a class",
    **callers(act="coordinate_commissioned_classes"),
)
async def coordinate_revision(
    class_revision_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassRevisionView:
    """Take what changes of a joint or commissioned class into the national coordination."""
    return queries.view_revision(
        await revising.coordinate_revision(
            session, class_revision_id, caller=caller, now=now, if_match=if_match
        )
    )


@routes.post(
    "/v1/class-revisions/{class_revision_id}/approval",
    summary="Approve a revision of a class",
    **callers(act="approve_classes"),
)
async def approve_revision(
    class_revision_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassRevisionView:
    """Let the class be what the revision says: its next version."""
    return queries.view_revision(
        await revising.approve_revision(session, class_revision_id, caller=caller, now=now, if_match=if_match)
    )


@routes.post(
    "/v1/class-revisions/{class_revision_id}/declining",
    summary="Decline a revision of a class",
    **callers(act="approve_classes"),
)
async def decline_revision(
    class_revision_id: str, body: GiveReason, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassRevisionView:
    """Decline a revision, with a reason: the approved version stands."""
    revision = await revising.decline_revision(
        session, class_revision_id, body.reason, caller=caller, now=now, if_match=if_match
    )
    return queries.view_revision(revision)


@routes.post(
    "/v1/class-revisions/{class_revision_id}/withdrawal",
    summary="Withdraw a revision of a class",
    **callers(signed_in=True),
)
async def withdraw_revision(
    class_revision_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> ClassRevisionView:
    """Take back a revision that is not decided; the filer or the lead of the class may."""
    return queries.view_revision(
        await revising.withdraw_revision(
            session, class_revision_id, caller=caller, now=now, if_match=if_match
        )
    )
