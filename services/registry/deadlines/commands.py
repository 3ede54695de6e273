"""What can be asked of the ledger itself: to follow the pack, and to note that time goes by.

What puts a deadline off stands in `extensions`.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.deadlines.models import Deadline, DeadlineNote
from services.registry.deadlines.queries import list_due
from services.registry.deadlines.states import restate
from shared.events.policy import Deadline as PackDeadline
from shared.events.policy import PolicyPack
from shared.events.registry import DeadlineState


async def refresh_deadlines(session: AsyncSession, pack: PolicyPack, *, revision: int, now: datetime) -> None:
    """Let the ledger of a cycle say what its pack in force says; called whenever a pack begins to judge.

    Extensions stay as they were given. A deadline that the pack has no more is withdrawn, not deleted:
    what was given for it stays on record. The caller has locked the cycle.
    """
    asked = select(Deadline).where(Deadline.cycle_id == pack.cycle_id)
    rows = await session.scalars(asked.order_by(Deadline.id).with_for_update())
    kept = {row.code: row for row in rows}
    changed = []
    for line in pack.deadlines:
        row = kept.pop(line.code, None)
        if row is None:
            row = _new(pack.cycle_id, line, revision)
            session.add(row)
        elif _says(row, line):
            continue
        else:
            _follow(row, line, revision)
        changed.append(row)
    for row in kept.values():
        if not row.withdrawn:
            row.withdrawn, row.revision = True, revision
            changed.append(row)
    if changed:
        await restate(session, changed, now)


async def sweep(session: AsyncSession, *, notice_days: Collection[int], now: datetime) -> list[DeadlineNote]:
    """Note which deadlines are near and which have passed, once each; return what was not noted before.

    Each instant at which a deadline closes for somebody has notes of its own, so one that is put off has
    not passed until its own end. Of many who sweep at once one notes, and the others find it noted.
    """
    asked = select(Deadline).where(Deadline.withdrawn.is_(False)).order_by(Deadline.id)
    rows = (await session.scalars(asked.with_for_update())).all()
    notes = await list_due(session, rows, notice_days, now)
    if notes:
        session.add_all(notes)
        changed = {one.deadline_id for one in notes}
        await restate(session, [row for row in rows if row.id in changed], now)
    return notes


def _new(cycle_id: str, line: PackDeadline, revision: int) -> Deadline:
    return Deadline(
        id=DeadlineState.id_of(cycle_id, line.code),
        cycle_id=cycle_id,
        code=line.code,
        revision=revision,
        zh=line.zh,
        en=line.en,
        clause=list(line.clause),
        until=line.until,
        zone=line.zone,
        planned_at=line.closes_at.astimezone(UTC),
    )


def _says(row: Deadline, line: PackDeadline) -> bool:
    said = (row.zh, row.en, row.clause, row.until, row.zone, row.planned_at)
    return not row.withdrawn and said == (
        line.zh,
        line.en,
        list(line.clause),
        line.until,
        line.zone,
        line.closes_at,
    )


def _follow(row: Deadline, line: PackDeadline, revision: int) -> None:
    row.revision, row.withdrawn = revision, False
    row.zh, row.en, row.clause = line.zh, line.en, list(line.clause)
    row.until, row.zone, row.planned_at = line.until, line.zone, line.closes_at.astimezone(UTC)
