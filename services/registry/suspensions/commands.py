"""What can be asked of the suspensions themselves; what they do to others stands in `consequences`.

Every caller holds `hold` (see `states`). Each command answers which suspensions it changed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.suspensions.domain import (
    LIFTED,
    check_not_lifted,
    replaced,
    status_of,
    why_replaced,
)
from services.registry.suspensions.models import Judgement, Suspension
from services.registry.suspensions.queries import list_judged
from services.registry.suspensions.states import restate
from shared.database import upsert
from shared.events.evaluation import EvaluatedRow, SuspensionDecided


async def keep_suspension(
    session: AsyncSession,
    decided: SuspensionDecided,
    *,
    revision: int | None,
    barred_cycle_id: str | None,
    now: datetime,
) -> list[Suspension]:
    """Keep the suspension of an institution by a round, once; it may take the place of an older one."""
    kept = await _lock(session, decided.evaluated_cycle_id, [decided.institution_id])
    if any(row.evaluation_id == decided.round_id for row in kept):
        return []
    made = Suspension(
        institution_id=decided.institution_id,
        evaluated_cycle_id=decided.evaluated_cycle_id,
        revision=revision,
        evaluation_id=decided.round_id,
        ground=decided.ground,
        total=decided.total,
        clause=list(decided.clause),
        status=status_of(barred_cycle_id),
        barred_cycle_id=barred_cycle_id,
        decided_at=now,
    )
    session.add(made)
    lifted = await _end_replaced(session, decided.evaluated_cycle_id, [*kept, made], now)
    changed = [made, *(row for row in lifted if row is not made)]
    await restate(session, changed, now)
    return changed


async def note_judgements(
    session: AsyncSession,
    cycle_id: str,
    evaluation_id: str,
    number: int,
    rows: Sequence[EvaluatedRow],
    now: datetime,
) -> list[Suspension]:
    """Keep what a final round said of each institution, and lift the suspensions that it replaces."""
    if not rows:
        return []
    said = [
        {
            "evaluation_id": evaluation_id,
            "institution_id": row.institution_id,
            "cycle_id": cycle_id,
            "number": number,
            "suspended": row.suspended,
        }
        for row in rows
    ]
    await session.execute(upsert(cast("Table", Judgement.__table__)).on_conflict_do_nothing(), said)
    kept = await _lock(session, cycle_id, [row.institution_id for row in rows])
    changed = await _end_replaced(session, cycle_id, kept, now)
    await restate(session, changed, now)
    return changed


async def end_suspension(
    session: AsyncSession, row: Suspension, reason: str, *, by: str, now: datetime
) -> list[Suspension]:
    """Lift a suspension by a decision, for good."""
    check_not_lifted(row.id, row.status)
    _lift(row, reason, by, now)
    await restate(session, [row], now)
    return [row]


async def follow(
    session: AsyncSession, cycle_id: str, *, before: str | None, after: str | None, now: datetime
) -> None:
    """Let a cycle that was loaded, and followed `before`, follow `after`: what waited for it bars it (Q14).

    Nobody is designated in a draft, and a pack in force never changes what it follows: there is nothing
    but suspensions to turn.
    """
    if before == after:
        return
    asked = select(Suspension).where(
        Suspension.evaluated_cycle_id.in_([one for one in (before, after) if one is not None]),
        Suspension.status != LIFTED,
        Suspension.pinned.is_(False),
    )
    rows = (await session.scalars(asked.order_by(Suspension.id).with_for_update())).all()
    for row in rows:
        row.barred_cycle_id = cycle_id if row.evaluated_cycle_id == after else None
        row.status = status_of(row.barred_cycle_id)
    await restate(session, rows, now)


async def _lock(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> Sequence[Suspension]:
    """Get all suspensions of these institutions by evaluations of a cycle, lifted ones too, for a change."""
    asked = select(Suspension).where(
        Suspension.evaluated_cycle_id == cycle_id, Suspension.institution_id.in_(institution_ids)
    )
    return (await session.scalars(asked.order_by(Suspension.id).with_for_update())).all()


async def _end_replaced(
    session: AsyncSession, cycle_id: str, rows: Sequence[Suspension], now: datetime
) -> list[Suspension]:
    """Lift those of these suspensions, all of their institutions, that a newer evaluation replaces."""
    suspending: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        suspending[row.institution_id].add(row.evaluation_id)
    judged = await list_judged(session, cycle_id, suspending.keys())
    lifted = []
    for row in rows:
        newer = replaced(judged[row.institution_id], suspending[row.institution_id])
        if row.status != LIFTED and row.evaluation_id in newer:
            _lift(row, why_replaced(newer[row.evaluation_id]), None, now)
            lifted.append(row)
    return lifted


def _lift(row: Suspension, reason: str, by: str | None, now: datetime) -> None:
    row.status, row.lifted_at, row.lifted_by, row.lift_reason = LIFTED, now, by, reason
