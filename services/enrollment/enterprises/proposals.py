"""Deciding what others propose about a record: the home department accepts it, or refuses with a reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.commands import keep_versions, restate
from services.enrollment.enterprises.domain import ProposalDecided, ProposalNotForCaller
from services.enrollment.enterprises.models import Enterprise, EnterpriseProposal
from services.enrollment.enterprises.queries import get_proposal
from services.enrollment.enterprises.schemas import ProposeEnterprise
from services.enrollment.enterprises.statements import check_statement
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.plan import get_organisations
from shared.caller import Caller
from shared.outbox import record


async def accept_proposal(
    session: AsyncSession, caller: Caller, proposal_id: str, now: datetime
) -> EnterpriseProposal:
    """State the record as it was proposed; it is checked as if the home department had said it itself."""
    proposal, row = await _lock(session, caller, proposal_id)
    item = ProposeEnterprise.model_validate(proposal.statement)
    one = check_statement(item, await get_organisations(session, {item.department_id}))
    _decide(proposal, caller, "accepted", None, now)
    changed = [row] if restate(row, one, row.department_id, now) else []
    await session.flush()
    await keep_versions(session, changed, str(caller.organisation_id), now)
    await record(session, *await enterprise_states(session, changed, now))
    return proposal


async def refuse_proposal(
    session: AsyncSession, caller: Caller, proposal_id: str, reason: str, now: datetime
) -> EnterpriseProposal:
    """Leave the record as it is, and tell the proposer why."""
    proposal, _ = await _lock(session, caller, proposal_id)
    _decide(proposal, caller, "refused", reason, now)
    await session.flush()
    return proposal


async def _lock(
    session: AsyncSession, caller: Caller, proposal_id: str
) -> tuple[EnterpriseProposal, Enterprise]:
    """Lock the record and then what is proposed about it, as whoever states the enterprise does."""
    seen = await get_proposal(session, caller, proposal_id)
    fresh = {"populate_existing": True}
    named = select(Enterprise).where(Enterprise.id == seen.enterprise_id).with_for_update()
    row = (await session.scalars(named.execution_options(**fresh))).one()
    same = select(EnterpriseProposal).where(EnterpriseProposal.id == proposal_id).with_for_update()
    proposal = (await session.scalars(same.execution_options(**fresh))).one()
    if row.department_id != caller.organisation_id:
        raise ProposalNotForCaller(proposal_id=proposal_id)
    if proposal.status != "open":
        raise ProposalDecided(proposal_id=proposal_id, status=proposal.status)
    return proposal, row


def _decide(
    proposal: EnterpriseProposal, caller: Caller, status: str, reason: str | None, now: datetime
) -> None:
    proposal.status, proposal.reason = status, reason
    proposal.decided_at, proposal.decided_by, proposal.decided_for = (
        now,
        caller.principal,
        caller.organisation_id,
    )
