"""How enterprises are told to the other services."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.audiences import enterprise_audience
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.plan import get_organisations
from shared.events.enrollment import EnterpriseState
from shared.events.envelope import Event, state


async def enterprise_states(
    session: AsyncSession, rows: Collection[Enterprise], at: datetime, known: Mapping[str, str] | None = None
) -> list[Event]:
    """State these enterprises; `known` are kinds of organisations that may not have been heard of yet."""
    proposers = await get_organisations(session, {row.proposed_by for row in rows})
    kinds = {one: proposer.kind for one, proposer in proposers.items()} | dict(known or {})
    return [_state(row, kinds.get(row.proposed_by), at) for row in rows]


def _state(row: Enterprise, proposer_kind: str | None, at: datetime) -> Event:
    body = {name: getattr(row, name) for name in EnterpriseState.model_fields if name != "tier"}
    return state(
        EnterpriseState.model_validate({**body, "tier": row.tier_code}),
        version=row.version,
        at=at,
        audience=enterprise_audience(row.department_id, row.proposed_by, proposer_kind),
    )
