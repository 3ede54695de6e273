"""Reading persons: masked for every view, the plain name only for what a certificate must print."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.enrollment.persons.domain import (
    ERASED,
    Identity,
    PersonErased,
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
    known = opened(sealer, person)
    return MaskedPerson.model_validate(
        {
            "id": person.id,
            "name": mask_name(known.name) if known else ERASED,
            "document_kind": person.document_kind,
            "document_number": mask_number(known.number) if known else ERASED,
            "phone": mask_number(known.phone) if known and known.phone else None,
            "erased_at": person.erased_at,
        }
    )


class OnRecord(NamedTuple):
    """A person who was found by a document; the name stays sealed."""

    id: str
    name_sealed: bytes
    has_phone: bool

    def name(self, sealer: Sealer) -> str:
        """Read the plain name, for comparing it."""
        return sealer.open(self.name_sealed, NAME)


def opened(sealer: Sealer, person: Person) -> Identity | None:
    """Open all that is known of a person; nothing is of one who was erased."""
    if person.number_sealed is None or person.name_sealed is None:
        return None
    return Identity(
        kind=person.document_kind,
        number=sealer.open(person.number_sealed, NUMBER),
        issuer=person.issuer,
        name=sealer.open(person.name_sealed, NAME),
        phone=sealer.open(person.phone_sealed, PHONE) if person.phone_sealed else None,
    )


def open_name(sealer: Sealer, person: Person) -> str:
    """Read the plain name. For comparing and for sealing to certification, never for a view."""
    if person.name_sealed is None:
        raise erasure_of(person)
    return sealer.open(person.name_sealed, NAME)


async def find_erased(session: AsyncSession, ids: Collection[str]) -> dict[str, PersonErased]:
    """Find those of these people who were erased, each with the refusal of what needs to know who it is."""
    erased = select(Person).where(Person.id.in_(sorted(set(ids))), Person.erased_at.is_not(None))
    return {person.id: erasure_of(person) for person in await session.scalars(erased)}


def erasure_of(person: Person) -> PersonErased:
    """Make the refusal of whatever needs to know who a person is who was erased."""
    return PersonErased(person_id=person.id, erased_at=person.erased_at)


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
    return {
        "name_index": sealer.blind_indexes(name, NAME)[0],
        "name_phone_index": phone_index(sealer, one.name, one.phone),
        "name_birth_index": sealer.blind_indexes(f"{name}\0{birth}", f"{NAME}.birth")[0] if birth else None,
    }


def phone_index(sealer: Sealer, name: str, phone: str | None) -> bytes | None:
    if not phone:
        return None
    return sealer.blind_indexes(f"{name.casefold()}\0{phone_key(phone)}", f"{NAME}.phone")[0]


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
            case((survivor.id.is_(None), Person.phone_sealed), else_=survivor.phone_sealed).is_not(None),
        )
        .outerjoin(survivor, survivor.id == Person.merged_into)
        .where(among(session, Person.number_index, (index for _, index in asked)))
    )
    return {
        asked[kind, index]: OnRecord(person_id, name, has_phone)
        for kind, index, person_id, name, has_phone in found
        if index is not None and (kind, index) in asked
    }
