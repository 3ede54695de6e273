"""Registering persons: many at once, each document once, whoever else registers it meanwhile."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.persons.domain import Identity
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.queries import find_persons
from shared.ids import new_id
from shared.inserting import insert_rows
from shared.sealed import Sealer


async def register_persons(
    session: AsyncSession,
    sealer: Sealer,
    stated: Mapping[Key, Identity],
    known: Mapping[Key, Person],
    at: datetime,
) -> dict[Key, Person]:
    """Find or store the person of each identity; `known` are those who were found on record just now.

    What is already on record stays: another name for the same document changes nothing here.
    """
    missing = sorted(stated.keys() - known.keys())
    if not missing:
        return dict(known)
    rows = [_row(sealer, stated[key], key[1], at) for key in missing]
    # In one order, so that two imports of the same people wait for each other, never in a circle.
    await insert_rows(session, Person.__table__, rows, skip_existing=True)
    return {**known, **await find_persons(session, sealer, {key: stated[key] for key in missing})}


def _row(sealer: Sealer, one: Identity, index: bytes, at: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "document_kind": one.kind,
        "number_index": index,
        "number_sealed": sealer.seal(one.number, NUMBER),
        "name_sealed": sealer.seal(one.name, NAME),
        "phone_sealed": sealer.seal(one.phone, PHONE) if one.phone else None,
        "issuer": one.issuer,
        "created_at": at,
    }
