"""What ledgers come to: sums over their entries, of many ledgers in one statement."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, SQLColumnExpression, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.ledgers.domain import Sum
from services.registry.ledgers.models import FundEntry


def net(value: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Sum a column of entries; what a reversing entry carries is taken back."""
    return func.coalesce(func.sum(case((FundEntry.reverses_id.is_(None), value), else_=-value)), 0)


async def list_sums(session: AsyncSession, ledger_ids: Collection[str]) -> dict[str, list[Sum]]:
    """Sum these ledgers by line and by kind of cost."""
    asked = (
        select(FundEntry.ledger_id, FundEntry.kind, FundEntry.item, net(FundEntry.amount_fen))
        .where(FundEntry.ledger_id.in_(ledger_ids))
        .group_by(FundEntry.ledger_id, FundEntry.kind, FundEntry.item)
        .order_by(FundEntry.ledger_id, FundEntry.kind, FundEntry.item)
    )
    found: dict[str, list[Sum]] = defaultdict(list)
    for ledger_id, kind, item, fen in await session.execute(asked):
        # PostgreSQL sums 64 bits to a decimal.
        found[ledger_id].append((kind, item, int(fen)))
    return found
