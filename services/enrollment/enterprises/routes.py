"""Enterprises over HTTP."""

from typing import Annotated

from fastapi import Query

from services.enrollment.enterprises.commands import state_enterprises
from services.enrollment.enterprises.queries import get_enterprise, list_enterprises
from services.enrollment.enterprises.schemas import EnterpriseView, ProposeEnterprise
from services.enrollment.plan import check_trains
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["enterprises"])


@routes.post("/v1/enterprises", summary="State or propose enterprises", **callers(signed_in=True))
async def post_enterprises(
    body: Items[ProposeEnterprise], session: Writing, caller: Asking, now: Now
) -> Results[EnterpriseView]:
    """Confirm what is one's own department's; propose what is not yet there; leave all else as it is."""
    check_trains(caller)
    return await state_enterprises(session, caller, body.items, now)


@routes.get("/v1/enterprises", summary="List enterprises", **callers(signed_in=True))
async def read_enterprises(
    session: Reading,
    caller: Asking,
    paging: Paging,
    uscc: Annotated[str | None, Query(max_length=40)] = None,
) -> Page[EnterpriseView]:
    """List one's own (departments) or what one proposed; `uscc` finds any for those who fill classes."""
    return await list_enterprises(session, caller, paging, uscc)


@routes.get("/v1/enterprises/{enterprise_id}", summary="Read one enterprise", **callers(signed_in=True))
async def read_enterprise(enterprise_id: str, session: Reading, caller: Asking) -> EnterpriseView:
    return await get_enterprise(session, caller, enterprise_id)
