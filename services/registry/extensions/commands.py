"""What can be asked of extensions: to put a deadline off, for everybody or for those who are named.

An extension may come after the deadline has passed. It holds from then on, and what was judged before
stays as it was judged: a late form stays marked, a refused roster is submitted again.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack
from services.registry.deadlines.domain import (
    DeadlineUnknown,
    check_later,
    check_not_withdrawn,
    end_of,
)
from services.registry.deadlines.models import Deadline, DeadlineExtension, ExtendedOrganisation
from services.registry.deadlines.queries import tell
from services.registry.deadlines.states import restate
from services.registry.extensions.schemas import ExtendDeadline
from services.registry.organisations.queries import get_organisations
from shared.caller import Caller
from shared.headers import check_version


async def extend_deadline(
    session: AsyncSession,
    deadline_id: str,
    asked: ExtendDeadline,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> DeadlineExtension:
    """Put a deadline off; for none of those concerned may it be that late already."""
    known = await session.get(Deadline, deadline_id)
    if known is None:
        raise DeadlineUnknown(deadline_id)
    judged = await get_pack(session, known.cycle_id)
    caller.require("extend_deadlines", judged.pack)
    row = await session.get_one(Deadline, deadline_id, with_for_update=True, populate_existing=True)
    check_version(row.version, if_match)
    check_not_withdrawn(row.id, row.withdrawn)
    named = sorted(await get_organisations(session, asked.organisation_ids))
    closes_at = end_of(asked.until, row.zone)
    told = (await tell(session, [row]))[row.id]
    for one in named or [None]:
        in_force = told.put_off_to([] if one is None else [one])
        check_later(row.id, row.zone, closes_at, in_force, one)
    row.extensions += 1
    given = DeadlineExtension(
        deadline_id=row.id,
        number=row.extensions,
        revision=judged.revision,
        until=None if isinstance(asked.until, datetime) else asked.until,
        closes_at=closes_at,
        for_all=not named,
        reason=asked.reason,
        given_at=now,
        given_by=caller.organisation_id,
        principal=caller.principal,
    )
    session.add(given)
    await session.flush()
    session.add_all(ExtendedOrganisation(extension_id=given.id, organisation_id=one) for one in named)
    await restate(session, [row], now)
    return given
