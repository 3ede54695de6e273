"""Making and revoking personal links."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.personal.domain import PersonalLinkNotFound
from services.enrollment.personal.models import PersonalLink
from services.enrollment.personal.queries import find_newest_link, get_responsible_enrolment
from services.enrollment.persons.queries import find_erased
from shared.caller import Caller


async def make_link(
    session: AsyncSession, caller: Caller, enrolment_id: str, days: int, now: datetime
) -> PersonalLink:
    """Make a link for a trainee; the one before ends with it."""
    person_id = await _lock_trainee(session, caller, enrolment_id)
    if (erased := await find_erased(session, [person_id])).keys():
        raise erased[person_id]
    if (before := await find_newest_link(session, enrolment_id)) is not None:
        _end(before, caller, now)
        await session.flush()  # the index lets no two links stand
    link = PersonalLink(
        enrolment_id=enrolment_id,
        created_for=str(caller.organisation_id),
        created_by=caller.principal,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(link)
    return link


async def revoke_link(
    session: AsyncSession, caller: Caller, enrolment_id: str, now: datetime
) -> PersonalLink:
    """End the link of a trainee at once; one that has ended stays as it is."""
    await _lock_trainee(session, caller, enrolment_id)
    link = await find_newest_link(session, enrolment_id)
    if link is None:
        raise PersonalLinkNotFound(enrolment_id=enrolment_id)
    _end(link, caller, now)
    return link


async def _lock_trainee(session: AsyncSession, caller: Caller, enrolment_id: str) -> str:
    """Keep two who make or revoke links of one trainee apart, and who erases the person; tell who that is."""
    await get_responsible_enrolment(session, caller, enrolment_id)
    whose = select(Enrolment.person_id).where(Enrolment.id == enrolment_id)
    return (await session.scalars(whose.with_for_update())).one()


def _end(link: PersonalLink, caller: Caller, now: datetime) -> None:
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, caller.principal
        link.version += 1
