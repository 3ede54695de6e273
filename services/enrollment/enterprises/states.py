"""How enterprises are told to the other services."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.audiences import enterprise_audience
from services.enrollment.enterprises.domain import ProposerUnknown
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.plan import get_organisations
from shared.copywatch import RestsOnCopy
from shared.events.enrollment import EnterpriseState
from shared.events.envelope import Event, aggregate, state
from shared.events.registry import OrganisationState


async def enterprise_states(
    session: AsyncSession, rows: Collection[Enterprise], at: datetime, known: Mapping[str, str] | None = None
) -> list[Event]:
    """State these enterprises; `known` are kinds of organisations that may not have been heard of yet."""
    named = {row.proposed_by for row in rows}
    heard = await get_organisations(session, named)
    kinds = {one: proposer.kind for one, proposer in heard.items()} | dict(known or {})
    for unknown in sorted(named - kinds.keys()):
        raise RestsOnCopy(ProposerUnknown(unknown), aggregate(OrganisationState.RESOURCE, unknown), 0)
    return [_state(row, kinds[row.proposed_by], at) for row in rows]


def _state(row: Enterprise, proposer_kind: str, at: datetime) -> Event:
    body = {name: getattr(row, name) for name in EnterpriseState.model_fields if name != "tier"}
    return state(
        EnterpriseState.model_validate({**body, "tier": row.tier_code}),
        version=row.version,
        at=at,
        audience=enterprise_audience(row.department_id, row.proposed_by, proposer_kind),
    )
