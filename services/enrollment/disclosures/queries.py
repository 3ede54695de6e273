"""Reading persons masked, and the log of full views."""

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.disclosures.models import FullView
from services.enrollment.disclosures.schemas import FullViewRecord, PersonView
from services.enrollment.nominations.belonging import get_visible_person
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import erasure_of, masked, opened
from shared.caller import Caller
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer


async def get_person(session: AsyncSession, caller: Caller, sealer: Sealer, person_id: str) -> PersonView:
    person, _ = await get_visible_person(session, caller, person_id)
    return PersonView(**masked(sealer, person).model_dump(), merged_into=person.merged_into)


async def list_full_views(
    session: AsyncSession, caller: Caller, person_id: str | None, paging: AskedPage
) -> Page[FullViewRecord]:
    """List, newest first, all full views for the bureau, and for everybody else those of its own."""
    mine = true() if caller.kind == "bureau" else FullView.organisation_id == caller.organisation_id
    wanted = select(FullView).where(mine)
    if person_id is not None:
        wanted = wanted.where(FullView.person_id == person_id)
    return await page(session, wanted, (FullView.id,), paging, FullViewRecord.model_validate, descending=True)


def in_full(sealer: Sealer, person: Person) -> dict[str, str | None]:
    """Open everything that is known of a person, by the names of the fields of a full view."""
    known = opened(sealer, person)
    if known is None:
        raise erasure_of(person)
    return {
        "name": known.name,
        "document_kind": known.kind,
        "document_number": known.number,
        "document_issuer": known.issuer,
        "phone": known.phone,
    }
