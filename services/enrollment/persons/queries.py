"""Reading persons: masked for every view, the plain name only for what a certificate must print."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.persons.domain import mask_name, mask_number
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.schemas import MaskedPerson
from shared.sealed import Sealer


def masked(sealer: Sealer, person: Person) -> MaskedPerson:
    phone = sealer.open(person.phone_sealed, PHONE) if person.phone_sealed else None
    return MaskedPerson.model_validate(
        {
            "id": person.id,
            "name": mask_name(open_name(sealer, person)),
            "document_kind": person.document_kind,
            "document_number": mask_number(sealer.open(person.number_sealed, NUMBER)),
            "phone": mask_number(phone) if phone else None,
        }
    )


def open_name(sealer: Sealer, person: Person) -> str:
    """Read the plain name. For comparing and for sealing to certification, never for a view."""
    return sealer.open(person.name_sealed, NAME)


async def get_persons(session: AsyncSession, ids: Collection[str]) -> dict[str, Person]:
    found = await session.scalars(select(Person).where(Person.id.in_(sorted(set(ids)))))
    return {person.id: person for person in found}


async def find_persons(session: AsyncSession, keys: Collection[Key]) -> dict[Key, Person]:
    """Find those who are on record under these documents."""
    indexes = sorted({index for _, index in keys})
    found = await session.scalars(select(Person).where(Person.number_index.in_(indexes)))
    return {(one.document_kind, one.number_index): one for one in found}
