"""What is left to be done in a cycle before it can be closed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import CANCELLED, FINISHED
from services.registry.classes.models import Class
from services.registry.designations.domain import HELD
from services.registry.designations.models import Designation
from shared.copies import copies
from shared.events.enrollment import RosterState

OPEN_ROSTERS = frozenset({"draft", "submitted"})


async def list_unfinished(session: AsyncSession, cycle_id: str) -> Sequence[str]:
    """List the classes that have not come to their end."""
    left = select(Class.id).where(Class.cycle_id == cycle_id, Class.status.not_in((FINISHED, CANCELLED)))
    return (await session.scalars(left)).all()


async def list_open_rosters(session: AsyncSession, cycle_id: str) -> dict[str, tuple[str, int]]:
    """List the rosters that are not decided, by their ids: the copy of each and the version of it."""
    heard = select(copies.c.aggregate, copies.c.version, copies.c.data).where(
        copies.c.resource == RosterState.RESOURCE, copies.c.cycle == cycle_id, copies.c.version > 0
    )
    rows = (await session.execute(heard)).all()
    return {
        row.data["id"]: (row.aggregate, row.version) for row in rows if row.data["status"] in OPEN_ROSTERS
    }


async def list_unjudged(session: AsyncSession, cycle_id: str) -> Sequence[str]:
    """List the designated institutions that no final round has judged."""
    held = select(Designation.institution_id).where(
        Designation.cycle_id == cycle_id,
        Designation.status.in_(HELD),
        Designation.evaluation_id.is_(None),
    )
    return (await session.scalars(held)).all()
