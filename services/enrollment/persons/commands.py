"""Registering persons: many at once, each document once, whoever else registers it meanwhile."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.persons.domain import Identity
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.queries import find_person_ids, indexes_of
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


async def hold_persons(session: AsyncSession, ids: Iterable[str]) -> None:
    """Keep people from being merged until the transaction ends; who just was is asked for again."""
    held = select(Person.merged_into).where(Person.id.in_(sorted(set(ids)))).order_by(Person.id)
    if any(await session.scalars(held.with_for_update(read=True, key_share=True))):
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
