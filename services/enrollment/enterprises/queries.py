"""Reading enterprises: the home department its own, others what they proposed or can name."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.domain import EnterpriseNotFound
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.schemas import EnterpriseView, TierView
from services.enrollment.identifiers import normalise
from services.enrollment.plan import list_cycles
from services.enrollment.reference import FEN_PER_WAN
from services.enrollment.scope import BLIND_KINDS, READING_ACTS
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_enterprises(
    session: AsyncSession, caller: Caller, paging: AskedPage, uscc: str | None
) -> Page[EnterpriseView]:
    """List, in the order of their codes, the enterprises that the caller may see."""
    seen = await _seen(session, caller)
    if uscc is not None:
        by_code = Enterprise.uscc == normalise(uscc)
        # Who fills classes knows the code from the enterprise itself; a department keeps to its own.
        names_any = caller.kind not in BLIND_KINDS | {"department"}
        seen = by_code if names_any else by_code & seen
    return await page(session, select(Enterprise).where(seen), [Enterprise.uscc], paging, enterprise_view)


async def get_enterprise(session: AsyncSession, caller: Caller, enterprise_id: str) -> EnterpriseView:
    visible = select(Enterprise).where(Enterprise.id == enterprise_id, await _seen(session, caller))
    row = await session.scalar(visible)
    if row is None:
        raise EnterpriseNotFound(enterprise_id=enterprise_id)
    return enterprise_view(row)


async def find_by_codes(session: AsyncSession, codes: Collection[str]) -> dict[str, Enterprise]:
    """Find the records of these credit codes, in canonical form; those of none are absent."""
    if not codes:
        return {}
    found = await session.scalars(select(Enterprise).where(Enterprise.uscc.in_(sorted(codes))))
    return {row.uscc: row for row in found}


async def _seen(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    if caller.kind in BLIND_KINDS:
        return false()
    if caller.kind == "bureau" or await _reads_all(session, caller):
        return true()
    own = Enterprise.department_id if caller.kind == "department" else Enterprise.proposed_by
    return own == caller.organisation_id


async def _reads_all(session: AsyncSession, caller: Caller) -> bool:
    """Tell whether any cycle lets the caller review or track; an enterprise belongs to no cycle."""
    # A pack that is only drafted gives nobody anything.
    packs = [cycle.pack for cycle in await list_cycles(session) if cycle.state.status != "draft"]
    return any(caller.holds(act, pack) for pack in packs for act in READING_ACTS)


def enterprise_view(row: Enterprise) -> EnterpriseView:
    made = {"revenue_wan": _wan(row.revenue_fen), "assets_wan": _wan(row.assets_fen), "tier": _tier(row)}
    kept = {name: getattr(row, name) for name in EnterpriseView.model_fields if name not in made}
    return EnterpriseView.model_validate(kept | made)


def _tier(row: Enterprise) -> dict[str, Any] | None:
    if row.tier_code is None:
        return None
    return {name: getattr(row, f"tier_{name}") for name in TierView.model_fields}


def _wan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / FEN_PER_WAN
