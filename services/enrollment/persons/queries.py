"""Reading persons: masked for every view, the plain name only for what a certificate must print."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.enrollment.persons.domain import (
    Identity,
    birth_of,
    mask_name,
    mask_number,
    match_key,
    phone_key,
)
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.schemas import MaskedPerson
from shared.among import among
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


class OnRecord(NamedTuple):
    """A person who was found by a document; the name stays sealed."""

    id: str
    name_sealed: bytes


def open_name(sealer: Sealer, person: Person | OnRecord) -> str:
    """Read the plain name. For comparing and for sealing to certification, never for a view."""
    return sealer.open(person.name_sealed, NAME)


async def get_persons(session: AsyncSession, ids: Collection[str]) -> dict[str, Person]:
    found = await session.scalars(select(Person).where(among(session, Person.id, ids)))
    return {person.id: person for person in found}


def keys_of(sealer: Sealer, one: Identity) -> tuple[Key, ...]:
    """Name a person without saying who it is: the kind of document and its blind index.

    The first is the one to write; the others were written before a rotation of the index key.
    """
    holder = match_key(one.kind, one.number, one.issuer)
    return tuple((one.kind, index) for index in sealer.blind_indexes(holder, f"{NUMBER}.{one.kind}"))


def likeness_of(sealer: Sealer, one: Identity) -> dict[str, bytes | None]:
    """Make the indexes, by column, of what makes two persons alike who have not the same document."""
    name, birth = one.name.casefold(), birth_of(one.kind, one.number)

    def blind(what: str | None, column: str) -> bytes | None:
        return None if what is None else sealer.blind_indexes(f"{name}\0{what}", column)[0]

    return {
        "name_index": sealer.blind_indexes(name, NAME)[0],
        "name_phone_index": blind(one.phone and phone_key(one.phone), f"{NAME}.phone"),
        "name_birth_index": blind(birth, f"{NAME}.birth"),
    }


async def find_persons(session: AsyncSession, asked: Mapping[Key, Key]) -> dict[Key, OnRecord]:
    """Find those who are on record under these documents, by whichever key they were indexed.

    `asked` names each person's own key by every key to look for. A document of a person who was merged
    finds the survivor.
    """
    if not asked:
        return {}
    survivor = aliased(Person)
    found = await session.execute(
        select(
            Person.document_kind,
            Person.number_index,
            func.coalesce(survivor.id, Person.id),
            case((survivor.id.is_(None), Person.name_sealed), else_=survivor.name_sealed),
        )
        .outerjoin(survivor, survivor.id == Person.merged_into)
        .where(among(session, Person.number_index, (index for _, index in asked)))
    )
    return {
        asked[kind, index]: OnRecord(person_id, name)
        for kind, index, person_id, name in found
        if (kind, index) in asked
    }
