"""Rosters over HTTP."""

from fastapi import Response

from services.enrollment.rosters.approval import approve_roster
from services.enrollment.rosters.commands import draft_roster, replace_rows, submit_roster
from services.enrollment.rosters.notice import get_notice, notice_sheet
from services.enrollment.rosters.printing import get_list_sheet
from services.enrollment.rosters.queries import get_roster, list_rosters, list_rows, roster_view
from services.enrollment.rosters.review import decide_remaining, decide_rows, return_roster
from services.enrollment.rosters.schemas import (
    DecidedRow,
    DecideRemaining,
    DecideRow,
    DraftRoster,
    NoticeView,
    OrderWaiting,
    ReplaceRows,
    ReturnRoster,
    RosterView,
    RowView,
    WaitingListView,
)
from services.enrollment.rosters.waiting import give_order, list_waiting
from services.enrollment.sealing import Sealing
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id
from shared.workbook import WorkbookAnswer

routes = router(tags=["rosters"])


@routes.post("/v1/rosters", status_code=201, summary="Draft a roster", **callers(signed_in=True))
async def post_roster(body: DraftRoster, session: Writing, caller: Asking, now: Now) -> RosterView:
    """Begin the next roster of a class that one runs: with these, or with those who wait longest."""
    return roster_view(
        await draft_roster(session, caller, body.class_id, body.nomination_ids, body.marks, now)
    )


@routes.get("/v1/rosters", summary="List the rosters of a class", **callers(signed_in=True))
async def read_rosters(class_id: Id, session: Reading, caller: Asking, paging: Paging) -> Page[RosterView]:
    return await list_rosters(session, caller, class_id, paging)


@routes.get("/v1/rosters/{roster_id}", summary="Read one roster", **callers(signed_in=True))
async def read_roster(roster_id: str, session: Reading, caller: Asking) -> RosterView:
    return roster_view(await get_roster(session, caller, roster_id))


@routes.get("/v1/rosters/{roster_id}/rows", summary="List the rows of a roster", **callers(signed_in=True))
async def read_rows(
    roster_id: str, session: Reading, caller: Asking, sealer: Sealing, paging: Paging
) -> Page[RowView]:
    return await list_rows(session, caller, sealer, roster_id, paging)


@routes.get(
    "/v1/rosters/{roster_id}/rows/workbook",
    summary="Export a roster for the seal",
    response_class=WorkbookAnswer,
    **callers(signed_in=True),
)
async def export_rows(
    roster_id: str, session: Reading, caller: Asking, sealer: Sealing, now: Now
) -> Response:
    """Export all rows, masked, for print: under the roster's number and hash, with room for seals."""
    sheet = await get_list_sheet(session, caller, sealer, roster_id)
    return await WorkbookAnswer.of_many([sheet], f"roster-{roster_id}", now)


@routes.put("/v1/rosters/{roster_id}/rows", summary="Fill a draft anew", **callers(signed_in=True))
async def put_rows(
    roster_id: str, body: ReplaceRows, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> RosterView:
    """Replace the rows of a draft, in the order given or by those who wait longest."""
    return roster_view(
        await replace_rows(session, caller, roster_id, body.nomination_ids, body.marks, now, if_match)
    )


@routes.post("/v1/rosters/{roster_id}/submission", summary="Submit a roster", **callers(signed_in=True))
async def post_submission(
    roster_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> RosterView:
    """Hand a draft to the reviewer, within the selection deadline and the capacity (C36)."""
    return roster_view(await submit_roster(session, caller, roster_id, now, if_match))


@routes.post("/v1/rosters/{roster_id}/decisions", summary="Decide rows", **callers(act="review_rosters"))
async def post_decisions(
    roster_id: str, body: Items[DecideRow], session: Writing, caller: Asking, now: Now
) -> Results[DecidedRow]:
    """Approve, reject or return rows; what is not approved carries a reason (C37)."""
    return await decide_rows(session, caller, roster_id, body.items, now)


@routes.post(
    "/v1/rosters/{roster_id}/remaining-decisions",
    summary="Decide the remaining rows",
    **callers(act="review_rosters"),
)
async def post_remaining_decisions(
    roster_id: str, body: DecideRemaining, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> RosterView:
    """Approve, reject or return all rows that are not decided yet; decided ones stay as they are (C37)."""
    return roster_view(
        await decide_remaining(session, caller, roster_id, body.decision, body.reason, now, if_match)
    )


@routes.post("/v1/rosters/{roster_id}/approval", summary="Approve a roster", **callers(act="review_rosters"))
async def post_approval(
    roster_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> RosterView:
    """Make a roster final and enrol its approved rows; whom they replace is withdrawn (Q7, Q8)."""
    return roster_view(await approve_roster(session, caller, roster_id, now, if_match))


@routes.post("/v1/rosters/{roster_id}/return", summary="Return a roster", **callers(act="review_rosters"))
async def post_return(
    roster_id: str, body: ReturnRoster, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> RosterView:
    """Give a roster back with a reason; the class may draft the next one."""
    return roster_view(await return_roster(session, caller, roster_id, body.reason, now, if_match))


@routes.get(
    "/v1/rosters/{roster_id}/notice", summary="Read the notice of a roster", **callers(signed_in=True)
)
async def read_notice(roster_id: str, session: Reading, caller: Asking) -> NoticeView:
    """Tell what was decided about a roster and why, by whom and by which clause (C37)."""
    return await get_notice(session, caller, roster_id)


@routes.get(
    "/v1/rosters/{roster_id}/notice/workbook",
    summary="Export the notice of a roster",
    response_class=WorkbookAnswer,
    **callers(signed_in=True),
)
async def export_notice(roster_id: str, session: Reading, caller: Asking, now: Now) -> Response:
    """Export the notice for print, with room for the seal."""
    sheet = notice_sheet(await get_notice(session, caller, roster_id))
    return await WorkbookAnswer.of_many([sheet], f"roster-notice-{roster_id}", now)


@routes.get("/v1/waiting-lists/{class_id}", summary="List who waits for a class", **callers(signed_in=True))
async def read_waiting_list(
    class_id: str, session: Reading, caller: Asking, sealer: Sealing, paging: Paging
) -> WaitingListView:
    """Show each nomination that is on no roster with its place; each caller sees its own people (Q11)."""
    return await list_waiting(session, caller, sealer, class_id, paging)


@routes.put("/v1/waiting-lists/{class_id}", summary="Order who waits for a class", **callers(signed_in=True))
async def put_waiting_list(
    class_id: str, body: OrderWaiting, session: Writing, caller: Asking, sealer: Sealing
) -> WaitingListView:
    """Let some come first, in this order, in a class that one runs; all others follow as they stood."""
    return await give_order(session, caller, sealer, class_id, body.nomination_ids)
