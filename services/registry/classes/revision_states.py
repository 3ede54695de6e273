"""How a revision of a class is stated, locked, and closed when its class leaves the approved state."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.models import Class, ClassRevision
from services.registry.classes.queries import PLAN_ACTS
from services.registry.classes.revisions import LAPSED, ClassRevisionUnknown
from shared.events.audience import act_term, kind_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.registry import ClassRevisionState
from shared.outbox import record


async def lock_revision(session: AsyncSession, revision_id: str) -> ClassRevision:
    """Get a revision for a change; its class is locked before it, always in that order."""
    asked = select(ClassRevision).where(ClassRevision.id == revision_id).with_for_update()
    row = await session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise ClassRevisionUnknown(revision_id)
    return row


async def lapse_pending(session: AsyncSession, row: Class, now: datetime) -> None:
    """Close what is pending of a class that is approved no more: it would change what is not in force."""
    if row.pending_revision_id is None:
        return
    revision = await lock_revision(session, row.pending_revision_id)
    revision.status, revision.decided_at = LAPSED, now
    row.pending_revision_id = None
    await restate_revision(session, revision, now)


async def restate_revision(session: AsyncSession, row: ClassRevision, now: datetime) -> None:
    row.version += 1
    await state_revision(session, row, now)


async def state_revision(session: AsyncSession, row: ClassRevision, now: datetime) -> None:
    await session.flush()
    await record(session, revision_state(row, now))


def revision_state(row: ClassRevision, at: datetime) -> Event:
    """State a revision to who has or would have a part in the class, and to who decides about plans."""
    body = ClassRevisionState(
        id=row.id,
        class_id=row.class_id,
        cycle_id=row.cycle_id,
        organisation_id=row.organisation_id,
        status=row.status,
        changes=tuple(row.changes),
        plan_agreed=row.agreed_at is not None,
        coordinated=row.coordinated_at is not None,
        number=row.number,
    )
    return state(
        body,
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=(
            *(organisation_term(one.organisation_id) for one in row.readers),
            *(act_term(act, row.cycle_id) for act in PLAN_ACTS),
            kind_term("operator"),
        ),
    )
