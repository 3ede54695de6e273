"""What can be told of nominations, with masked persons and within what the caller may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.nominations.domain import NominationNotFound
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.schemas import NominationView
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.plan import get_class
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, to_page
from shared.sealed import Sealer


def view(sealer: Sealer, nomination: Nomination, person: Person) -> NominationView:
    shown: dict[str, Any] = {
        name: getattr(nomination, name) for name in NominationView.model_fields if name != "person"
    }
    shown["person"] = masked(sealer, person)
    shown["credits"] = [
        {"channel": channel, **credit} for channel, credit in sorted(nomination.credits.items())
    ]
    return NominationView.model_validate(shown)


async def views(
    session: AsyncSession, sealer: Sealer, nominations: Sequence[Nomination]
) -> list[NominationView]:
    persons = await get_persons(session, {one.person_id for one in nominations})
    return [view(sealer, one, persons[one.person_id]) for one in nominations]


async def get_nomination(
    session: AsyncSession, caller: Caller, sealer: Sealer, nomination_id: str
) -> NominationView:
    nomination = await session.get(Nomination, nomination_id)
    if nomination is None:
        raise NominationNotFound(nomination_id=nomination_id)
    scope = scope_in_class(caller, await get_class(session, nomination.class_id))
    if not scope.covers(department_id=nomination.department_id, class_id=nomination.class_id):
        raise NominationNotFound(nomination_id=nomination_id)
    return (await views(session, sealer, [nomination]))[0]


async def list_nominations(
    session: AsyncSession, caller: Caller, sealer: Sealer, class_id: str, paging: AskedPage
) -> Page[NominationView]:
    """List a class's nominations as they came in, as far as the caller may see them."""
    scope = scope_in_class(caller, await get_class(session, class_id))
    wanted = select(Nomination).where(Nomination.class_id == class_id, scope.where(Nomination))
    keys = (Nomination.number,)
    rows = (await session.scalars(apply(wanted, keys, paging))).all()
    shown = {one.id: one for one in await views(session, sealer, rows[: paging.limit])}
    return to_page(rows, keys, paging, lambda row: shown[row.id])
