"""Liaison forms that are overdue: noted and told once per department and instant at which it closed (C19).

A note judges nobody: whether a form is late is decided by the time at which it comes in, and the ledger.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_in_force
from services.registry.deadlines.models import Deadline
from services.registry.deadlines.queries import tell
from services.registry.liaison.domain import DEADLINE, DEPARTMENT
from services.registry.liaison.models import LiaisonForm, LiaisonOverdue
from services.registry.organisations.models import Organisation
from shared.database import upsert
from shared.events.envelope import aggregate, fact
from shared.events.registry import DeadlineState, LiaisonFormOverdue
from shared.outbox import record


async def note_overdue(session: AsyncSession, now: datetime) -> list[LiaisonOverdue]:
    """Note and tell which departments have not answered in time; return what was not noted before."""
    due = await list_overdue(session, now)
    if not due:
        return []
    rows = [
        {
            "cycle_id": one.cycle_id,
            "department_id": one.department_id,
            "closes_at": one.closes_at,
            "noted_at": now,
        }
        for one, _ in due
    ]
    table = cast("Table", LiaisonOverdue.__table__)
    # Who sweeps at the same time may have noted some of them.
    noting = upsert(table).values(rows).on_conflict_do_nothing()
    noted = {
        (row.cycle_id, row.department_id)
        for row in await session.execute(noting.returning(table.c.cycle_id, table.c.department_id))
    }
    fresh = [(one, revision) for one, revision in due if (one.cycle_id, one.department_id) in noted]
    told = [
        fact(
            LiaisonFormOverdue(
                cycle_id=one.cycle_id, department_id=one.department_id, closes_at=one.closes_at
            ),
            subject=aggregate(DeadlineState.RESOURCE, DeadlineState.id_of(one.cycle_id, DEADLINE)),
            at=now,
            cycle=one.cycle_id,
            revision=revision,
        )
        for one, revision in fresh
    ]
    await record(session, *told)
    return [one for one, _ in fresh]


async def list_overdue(session: AsyncSession, now: datetime) -> list[tuple[LiaisonOverdue, int]]:
    """List what is to be noted now and is not yet, each with the revision of the deadline."""
    asking = [pack.cycle_id for pack in await list_packs_in_force(session) if pack.liaison_form is not None]
    ledger = select(Deadline).where(
        Deadline.code == DEADLINE, Deadline.cycle_id.in_(asking), Deadline.withdrawn.is_(False)
    )
    rows = {row.cycle_id: row for row in await session.scalars(ledger)}
    told = {one.cycle_id: one for one in (await tell(session, rows.values())).values()}
    passed = [cycle_id for cycle_id, one in told.items() if one.closes_at <= now]
    noted = select(LiaisonOverdue).where(LiaisonOverdue.cycle_id.in_(passed))
    known = {(one.cycle_id, one.department_id, one.closes_at) for one in await session.scalars(noted)}
    due = []
    for cycle_id, department_id in await _missing(session, passed):
        closes_at = told[cycle_id].put_off_to([department_id])
        if closes_at <= now and (cycle_id, department_id, closes_at) not in known:
            note = LiaisonOverdue(
                cycle_id=cycle_id, department_id=department_id, closes_at=closes_at, noted_at=now
            )
            due.append((note, rows[cycle_id].revision))
    return due


async def _missing(session: AsyncSession, cycle_ids: list[str]) -> list[tuple[str, str]]:
    """List, by cycle and department, who has not answered."""
    answered = exists().where(
        and_(LiaisonForm.cycle_id == Deadline.cycle_id, LiaisonForm.department_id == Organisation.id)
    )
    asked = (
        select(Deadline.cycle_id, Organisation.id)
        .join(Organisation, Organisation.kind == DEPARTMENT)
        .where(Deadline.code == DEADLINE, Deadline.cycle_id.in_(cycle_ids), ~answered)
        .order_by(Deadline.cycle_id, Organisation.id)
    )
    return [(cycle_id, department_id) for cycle_id, department_id in await session.execute(asked)]
