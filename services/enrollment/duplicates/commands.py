"""Deciding that two who look alike are distinct persons; merging them stands in `merging.py`."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.duplicates.domain import DuplicateDecided, check_may_decide
from services.enrollment.duplicates.models import Duplicate
from services.enrollment.duplicates.queries import decides_on_everybody, get_visible_duplicate
from services.enrollment.nominations.belonging import find_belongings
from shared.caller import Caller


async def dismiss_duplicate(
    session: AsyncSession, caller: Caller, duplicate_id: str, reason: str, now: datetime
) -> Duplicate:
    """Note that the two are distinct, so that they are not asked about again."""
    row = await get_visible_duplicate(session, caller, duplicate_id, locked=True)
    homes = await find_belongings(session, (row.first_id, row.second_id))
    departments = frozenset[str]().union(*(one.departments for one in homes.values()))
    decides_all = await decides_on_everybody(session, caller)
    check_may_decide(caller.organisation_id, departments, decides_all=decides_all)
    if row.status != "open":
        raise DuplicateDecided(duplicate_id=duplicate_id, status=row.status)
    row.status, row.reason = "distinct", reason
    row.decided_at, row.decided_by, row.decided_for = now, caller.principal, caller.organisation_id
    await session.flush()
    return row
