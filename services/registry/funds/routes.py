"""HTTP in: the funds of classes. An entry is never changed: a mistake is reversed by another entry."""

from typing import Annotated

from fastapi import Query, Response

from services.registry.funds import commands, queries
from services.registry.funds.schemas import (
    FundEntryView,
    FundStatementView,
    FundSummaryView,
    LedgerView,
    PostFundEntry,
    ReverseFundEntry,
)
from services.registry.funds.statement import get_sheet, get_statement
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.workbook import WorkbookAnswer

routes = router(tags=["funds"])


@routes.post(
    "/v1/classes/{class_id}/fund-entries",
    summary="Post a fund entry",
    status_code=201,
    **callers(signed_in=True),
)
async def post_fund_entry(
    class_id: str, body: PostFundEntry, session: Writing, caller: Asking, now: Now
) -> FundEntryView:
    """Enter money that came in for a class or was spent for it; its lead and its filer may."""
    return await commands.post_entry(session, class_id, body, caller=caller, now=now)


@routes.post(
    "/v1/classes/{class_id}/fund-entries/{entry_id}/reversal",
    summary="Reverse a fund entry",
    status_code=201,
    **callers(signed_in=True),
)
async def reverse_fund_entry(
    class_id: str, entry_id: str, body: ReverseFundEntry, session: Writing, caller: Asking, now: Now
) -> FundEntryView:
    """Take an entry back by another one, with a reason; an entry is reversed once."""
    return await commands.reverse_entry(session, class_id, entry_id, body, caller=caller, now=now)


@routes.get("/v1/classes/{class_id}/fund-entries", summary="List fund entries", **callers(signed_in=True))
async def list_fund_entries(
    class_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[FundEntryView]:
    """List the entries of a class, to its parties, the bureau and whoever tracks."""
    return await queries.list_entries(session, paging, class_id, caller)


@routes.get(
    "/v1/classes/{class_id}/fund-statement", summary="Get a fund statement", **callers(signed_in=True)
)
async def get_fund_statement(class_id: str, session: Reading, caller: Asking) -> FundStatementView:
    """Get what came in and what was spent, by line and kind of cost, against plan and caps."""
    return await get_statement(session, class_id, caller)


@routes.get(
    "/v1/classes/{class_id}/fund-statement/workbook",
    summary="Export a fund statement",
    response_class=WorkbookAnswer,
    **callers(signed_in=True),
)
async def export_fund_statement(class_id: str, session: Reading, caller: Asking, now: Now) -> Response:
    """Export the statement of a class as a workbook with Chinese headings."""
    sheet = await get_sheet(session, class_id, caller)
    return WorkbookAnswer.of(sheet, f"fund-statement-{class_id}", now)


@routes.get("/v1/fund-ledgers", summary="List fund ledgers", **callers(signed_in=True))
async def list_fund_ledgers(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[LedgerView]:
    """List what the ledgers of classes come to that one has a part in, or tracks."""
    return await queries.list_ledgers(session, paging, caller, cycle_id=cycle_id)


@routes.get(
    "/v1/fund-ledgers/summary",
    summary="Sum the funds of a cycle",
    **callers(act="track", or_kinds=("bureau",)),
)
async def sum_fund_ledgers(
    session: Reading, caller: Asking, cycle_id: Annotated[str, Query(max_length=100)]
) -> FundSummaryView:
    """Sum what came in and was spent in a cycle, local fiscal support among it, without naming a class."""
    return await queries.sum_cycle(session, cycle_id, caller)
