"""Enterprises over HTTP."""

from typing import Annotated, Literal

from fastapi import Query

from services.enrollment.enterprises.commands import state_enterprises
from services.enrollment.enterprises.proposals import accept_proposal, refuse_proposal
from services.enrollment.enterprises.queries import (
    get_enterprise,
    get_proposal,
    list_enterprises,
    list_proposals,
    list_versions,
)
from services.enrollment.enterprises.schemas import (
    EnterpriseVersionView,
    EnterpriseView,
    ProposalView,
    ProposeEnterprise,
    RefuseProposal,
)
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
    """Confirm what is one's own department's, and propose what is not yet there.

    What another body says otherwise of a record is answered by 202 and waits for its home department.
    """
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


@routes.get(
    "/v1/enterprises/{enterprise_id}/versions",
    summary="List the versions of an enterprise",
    **callers(signed_in=True),
)
async def read_versions(
    enterprise_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[EnterpriseVersionView]:
    """Show how its figures and its title were stated before, for who may see the enterprise."""
    return await list_versions(session, caller, enterprise_id, paging)


@routes.get("/v1/enterprise-proposals", summary="List proposals about enterprises", **callers(signed_in=True))
async def read_proposals(
    session: Reading,
    caller: Asking,
    paging: Paging,
    status: Literal["open", "accepted", "refused"] | None = None,
) -> Page[ProposalView]:
    """Show a home department what others say of its enterprises, and everybody what it said itself."""
    return await list_proposals(session, caller, status, paging)


@routes.get("/v1/enterprise-proposals/{proposal_id}", summary="Read one proposal", **callers(signed_in=True))
async def read_proposal(proposal_id: str, session: Reading, caller: Asking) -> ProposalView:
    return ProposalView.model_validate(await get_proposal(session, caller, proposal_id))


@routes.post(
    "/v1/enterprise-proposals/{proposal_id}/acceptance",
    summary="Accept a proposal",
    **callers(signed_in=True),
)
async def post_acceptance(proposal_id: str, session: Writing, caller: Asking, now: Now) -> ProposalView:
    """State the enterprise as it was proposed; for its home department."""
    return ProposalView.model_validate(await accept_proposal(session, caller, proposal_id, now))


@routes.post(
    "/v1/enterprise-proposals/{proposal_id}/refusal", summary="Refuse a proposal", **callers(signed_in=True)
)
async def post_refusal(
    proposal_id: str, body: RefuseProposal, session: Writing, caller: Asking, now: Now
) -> ProposalView:
    """Leave the record as it is, with a reason that the proposer reads; for its home department."""
    return ProposalView.model_validate(await refuse_proposal(session, caller, proposal_id, body.reason, now))
