"""Registering persons: many at once, each document once, whoever else registers it meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.persons.domain import Identity
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.queries import find_person_ids, indexes_of, opened
from shared.faults import ConcurrentChange
from shared.ids import new_id
from shared.inserting import insert_rows
from shared.sealed import Sealer


async def register_persons(
    session: AsyncSession,
    sealer: Sealer,
    stated: Mapping[Key, Identity],
    known: Mapping[Key, Person],
    at: datetime,
) -> dict[Key, str]:
    """Find or store the person of each identity, by id; `known` are those who were found on record just now.

    What is already on record stays: another name for the same document changes nothing here.
    """
    ids = {key: person.id for key, person in known.items()}
    missing = sorted(stated.keys() - known.keys())
    if not missing:
        return ids
    rows = [_row(sealer, stated[key], at) for key in missing]
    # In one order, so that two imports of the same people wait for each other, never in a circle.
    await insert_rows(session, Person.__table__, rows, skip_existing=True)
    return ids | await find_person_ids(session, sealer, {key: stated[key] for key in missing})


async def add_phones(
    session: AsyncSession, sealer: Sealer, stated: Mapping[Key, Identity], known: Mapping[Key, Person]
) -> None:
    """Note the phone of those held people who have none: it went with the purpose that it was kept for."""
    lacking = {key: one for key, one in known.items() if one.phone_sealed is None and stated[key].phone}
    for key, person in sorted(lacking.items(), key=lambda pair: pair[1].id):
        on_record = opened(sealer, person)
        if on_record is not None:
            whole = replace(on_record, phone=stated[key].phone)
            person.phone_sealed = sealer.seal(str(whole.phone), PHONE)
            person.name_phone_index = indexes_of(sealer, whole)["name_phone_index"]
    await session.flush()


async def hold_persons(session: AsyncSession, ids: Iterable[str]) -> None:
    """Keep people from being merged or erased until the transaction ends; of who just was, ask again."""
    held = select(Person.merged_into, Person.erased_at).where(Person.id.in_(sorted(set(ids))))
    held = held.order_by(Person.id).with_for_update(read=True, key_share=True)
    if any(merged_into or erased_at for merged_into, erased_at in await session.execute(held)):
        raise ConcurrentChange


def _row(sealer: Sealer, one: Identity, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "document_kind": one.kind,
        **indexes_of(sealer, one),
        "number_sealed": sealer.seal(one.number, NUMBER),
        "name_sealed": sealer.seal(one.name, NAME),
        "phone_sealed": sealer.seal(one.phone, PHONE) if one.phone else None,
        "issuer": one.issuer,
        "created_at": at,
    }
