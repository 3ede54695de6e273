"""Registering persons: many at once, each document once, whoever else registers it meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.persons.domain import Identity
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Key, Person
from services.enrollment.persons.queries import OnRecord, find_persons, likeness_of, phone_index
from shared.among import among
from shared.faults import ConcurrentChange
from shared.ids import new_id
from shared.inserting import insert_rows
from shared.sealed import Sealer

_ADD_PHONE = (
    update(cast("Table", Person.__table__))
    .where(Person.id == bindparam("person_id"), Person.phone_sealed.is_(None))
    .values(phone_sealed=bindparam("phone"), name_phone_index=bindparam("index"))
)


@dataclass(frozen=True, slots=True)
class Registered:
    """The ids of persons by their keys; `fresh` are those of whom nothing was on record before."""

    ids: Mapping[Key, str]
    fresh: frozenset[str]


def person_row(sealer: Sealer, key: Key, one: Identity, at: datetime) -> dict[str, Any]:
    """Write down a person who is on no record, sealed and indexed."""
    return {
        "id": new_id(),
        "document_kind": one.kind,
        "number_index": key[1],
        **likeness_of(sealer, one),
        "number_sealed": sealer.seal(one.number, NUMBER),
        "name_sealed": sealer.seal(one.name, NAME),
        "phone_sealed": sealer.seal(one.phone, PHONE) if one.phone else None,
        "issuer": one.issuer,
        "created_at": at,
    }


def phone_row(sealer: Sealer, one: OnRecord, phone: str) -> dict[str, Any]:
    """Write down the phone of a person on record who has none."""
    index = phone_index(sealer, one.name(sealer), phone)
    return {"person_id": one.id, "phone": sealer.seal(phone, PHONE), "index": index}


async def register_persons(
    session: AsyncSession,
    rows: Mapping[Key, Mapping[str, Any]],
    known: Mapping[Key, str],
    asked: Mapping[Key, Key],
) -> Registered:
    """Store persons whom nobody knew just now; `known` are the ids of the others.

    `asked` names the key of each new person by every key under which somebody else may store it meanwhile.
    What is already on record stays: another name for the same document changes nothing here. Nobody of them
    can be merged or erased until the transaction ends; for who just was, it raises ConcurrentChange.
    """
    ids, made = dict(known), {key: str(row["id"]) for key, row in rows.items()}
    # In one order, so that two imports of the same people wait for each other, never in a circle.
    ordered = [rows[key] for key in sorted(rows)]
    if not await insert_rows(session, Person.__table__, ordered, skip_existing=True):
        stored = await find_persons(session, asked)
        ids |= {key: one.id for key, one in stored.items() if one.id != made.get(key)}
        made = {key: one for key, one in made.items() if key not in ids}
    await _hold(session, ids.values())
    return Registered(ids | made, frozenset(made.values()))


async def _hold(session: AsyncSession, ids: Iterable[str]) -> None:
    """Keep people from being merged or erased until the transaction ends; of who just was, ask again."""
    wanted = set(ids)
    if not wanted:
        return
    held = select(Person.merged_into, Person.erased_at).where(among(session, Person.id, wanted))
    held = held.order_by(Person.id).with_for_update(read=True, key_share=True)
    if any(merged_into or erased_at for merged_into, erased_at in await session.execute(held)):
        raise ConcurrentChange


async def add_phones(session: AsyncSession, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note the phones of held people who have none: theirs went with the purpose that they were kept for."""
    ordered = sorted(rows, key=lambda row: str(row["person_id"]))
    if ordered:
        await session.execute(_ADD_PHONE, ordered)
