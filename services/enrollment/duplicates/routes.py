"""Duplicates and merges over HTTP."""

from services.enrollment.duplicates.commands import dismiss_duplicate
from services.enrollment.duplicates.merging import merge_persons
from services.enrollment.duplicates.queries import get_duplicate, get_merge, list_duplicates, list_merges
from services.enrollment.duplicates.schemas import (
    Dismiss,
    DuplicateStatus,
    DuplicateView,
    MergePersons,
    MergeView,
    UndoMerge,
)
from services.enrollment.duplicates.undoing import undo_merge
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["duplicates"])


@routes.get("/v1/duplicates", summary="List persons who may be one", **callers(signed_in=True))
async def read_duplicates(
    session: Reading, caller: Asking, sealer: Sealing, paging: Paging, status: DuplicateStatus | None = None
) -> Page[DuplicateView]:
    """Show a department those that concern its people; of others only which department to ask."""
    return await list_duplicates(session, caller, sealer, status, paging)


@routes.get("/v1/duplicates/{duplicate_id}", summary="Read one duplicate", **callers(signed_in=True))
async def read_duplicate(
    duplicate_id: str, session: Reading, caller: Asking, sealer: Sealing
) -> DuplicateView:
    return await get_duplicate(session, caller, sealer, duplicate_id)


@routes.post(
    "/v1/duplicates/{duplicate_id}/dismissal", summary="Find two persons distinct", **callers(signed_in=True)
)
async def post_dismissal(
    duplicate_id: str, body: Dismiss, session: Writing, caller: Asking, sealer: Sealing, now: Now
) -> DuplicateView:
    """Close a duplicate with a reason; for the department of both, the bureau and who reviews rosters."""
    await dismiss_duplicate(session, caller, duplicate_id, body.reason, now)
    return await get_duplicate(session, caller, sealer, duplicate_id)


@routes.post("/v1/person-merges", summary="Merge two persons", status_code=201, **callers(signed_in=True))
async def post_merge(body: MergePersons, session: Writing, caller: Asking, now: Now) -> MergeView:
    """Retire one person in favour of another; nominations and enrolments go over, a head counts once (Q7)."""
    return MergeView.model_validate(await merge_persons(session, caller, body, now))


@routes.get("/v1/person-merges", summary="List merges", **callers(signed_in=True))
async def read_merges(
    session: Reading, caller: Asking, paging: Paging, person_id: Id | None = None
) -> Page[MergeView]:
    """Show the trail of retired ids, the latest first: a department those of its people."""
    return await list_merges(session, caller, person_id, paging)


@routes.get("/v1/person-merges/{merge_id}", summary="Read one merge", **callers(signed_in=True))
async def read_merge(merge_id: str, session: Reading, caller: Asking) -> MergeView:
    return MergeView.model_validate(await get_merge(session, caller, merge_id))


@routes.post("/v1/person-merges/{merge_id}/undoing", summary="Undo a merge", **callers(signed_in=True))
async def post_undoing(
    merge_id: str, body: UndoMerge, session: Writing, caller: Asking, now: Now
) -> MergeView:
    """Part the two again: what went over goes back, with what has come of it since."""
    return MergeView.model_validate(await undo_merge(session, caller, merge_id, body.reason, now))
