"""Who holds acts over a cycle that teaching in it conflicts with: a flag, never a refusal (C03, Q12).

An act is held by kind, by the office that an organisation hosts, or by name, as the pack says.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.organisations.domain import CONFLICTING
from services.registry.organisations.models import Office, Organisation
from shared.events.policy import PolicyPack


def holds(pack: PolicyPack, act: str) -> ColumnElement[bool]:
    """Say of an organisation whether the pack gives it the act."""
    held: list[ColumnElement[bool]] = [false()]
    for holder in pack.holders(act):
        if holder.kind is not None:
            held.append(Organisation.kind == holder.kind)
        elif holder.office is not None:
            hosts = select(Office.host_id).where(Office.code == holder.office)
            held.append(Organisation.id.in_(hosts))
        else:
            held.append(Organisation.id == holder.organisation)
    return or_(*held)


def select_holders(pack: PolicyPack) -> Select[*tuple[Any, ...]]:
    """Select who holds one of the conflicting acts, with a column per act."""
    acts = {act: holds(pack, act) for act in CONFLICTING}
    columns = [held.label(act) for act, held in acts.items()]
    return select(Organisation.id, *columns).where(or_(*acts.values()))


def reasons_of(row: Any) -> list[str]:
    """List the codes of the acts that a row of `select_holders` holds."""
    return [code for act, (code, _) in CONFLICTING.items() if getattr(row, act)]


async def list_conflicts(
    session: AsyncSession, pack: PolicyPack, teaching: Collection[str]
) -> dict[str, list[str]]:
    """List, of these organisations that teach in the pack's cycle, what each of them is flagged for."""
    rows = await session.execute(select_holders(pack).where(Organisation.id.in_(teaching)))
    return {row.id: reasons_of(row) for row in rows}
