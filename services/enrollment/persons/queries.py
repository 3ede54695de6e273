"""Reading persons: masked for every view, the plain name only for what a certificate must print."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
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
    found = await session.scalars(select(Person).where(Person.id.in_(sorted(set(ids)))))
    return {person.id: person for person in found}


def keys_of(sealer: Sealer, one: Identity) -> list[Key]:
    """Name a person without saying who it is: the kind of document and its blind index.

    The first is the one to write; the others were written before a rotation of the index key.
    """
    holder = match_key(one.kind, one.number, one.issuer)
    return [(one.kind, index) for index in sealer.blind_indexes(holder, f"{NUMBER}.{one.kind}")]


def indexes_of(sealer: Sealer, one: Identity) -> dict[str, bytes | None]:
    """Make every index of a person, by column: of the number, and of what makes two persons alike."""
    name, birth = one.name.casefold(), birth_of(one.kind, one.number)

    def blind(what: str | None, column: str) -> bytes | None:
        return None if what is None else sealer.blind_indexes(f"{name}\0{what}", column)[0]

    return {
        "number_index": keys_of(sealer, one)[0][1],
        "name_index": sealer.blind_indexes(name, NAME)[0],
        "name_phone_index": blind(one.phone and phone_key(one.phone), f"{NAME}.phone"),
        "name_birth_index": blind(birth, f"{NAME}.birth"),
    }


async def find_persons(
    session: AsyncSession, sealer: Sealer, stated: Mapping[Key, Identity]
) -> dict[Key, Person]:
    """Find those who are on record under these documents, by whichever key they were indexed.

    A document of a person who was merged finds the survivor.
    """
    asked = _asked(sealer, stated)
    indexes = sorted({index for _, index in asked})
    survivor = aliased(Person)
    found = await session.execute(
        select(Person, survivor)
        .outerjoin(survivor, survivor.id == Person.merged_into)
        .where(Person.number_index.in_(indexes))
        .execution_options(populate_existing=True)
    )
    return {
        asked[one.document_kind, one.number_index]: whole or one
        for one, whole in found
        if one.number_index is not None
    }


async def find_person_ids(
    session: AsyncSession, sealer: Sealer, stated: Mapping[Key, Identity]
) -> dict[Key, str]:
    """Find the ids alone of those who are on record under these documents; a survivor's for one merged."""
    asked = _asked(sealer, stated)
    found = await session.execute(
        select(Person.id, Person.document_kind, Person.number_index, Person.merged_into).where(
            Person.number_index.in_(sorted({index for _, index in asked}))
        )
    )
    return {asked[kind, index]: survivor or one for one, kind, index, survivor in found if index is not None}


def _asked(sealer: Sealer, stated: Mapping[Key, Identity]) -> dict[Key, Key]:
    """Name the key of each identity by every key under which it may be on record."""
    asked = {key: key for key in stated}
    if sealer.has_past_indexes:  # a rotation has begun
        asked |= {past: key for key, one in stated.items() for past in keys_of(sealer, one)}
    return asked
