"""Showing a person in full: what is shown and the record of it are one transaction."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.disclosures.domain import FullViewNotDue
from services.enrollment.disclosures.models import FullView
from services.enrollment.disclosures.queries import in_full
from services.enrollment.disclosures.schemas import FullPerson, ViewInFull
from services.enrollment.nominations.belonging import get_visible_person
from shared.caller import Caller
from shared.sealed import Sealer


async def view_in_full(
    session: AsyncSession, caller: Caller, sealer: Sealer, person_id: str, asked: ViewInFull, now: datetime
) -> tuple[FullView, FullPerson]:
    """Show a person unmasked to the home department or to who runs a class of the person, and note it."""
    person, belonging = await get_visible_person(session, caller, person_id)
    if caller.organisation_id is None or not belonging.is_cared_for_by(caller):
        raise FullViewNotDue(person_id=person_id)
    shown = in_full(sealer, person)
    noted = FullView(
        person_id=person.id,
        organisation_id=caller.organisation_id,
        principal=caller.principal,
        purpose=asked.purpose,
        reason=asked.reason,
        fields=[name for name, value in shown.items() if value is not None],
        viewed_at=now,
    )
    session.add(noted)
    await session.flush()
    return noted, FullPerson.model_validate(shown)
