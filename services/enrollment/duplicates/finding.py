"""Looking for persons who may be one, by their indexes alone: no name, number or phone is opened for it.

Whoever was nominated since the last look is compared with everybody, in one statement a batch.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, case, false, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.enrollment.duplicates.models import Duplicate
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from shared.database import Database, upsert
from shared.ids import new_id

TOPIC = "nominations"
BATCH = 200
MOST_PAIRS = 2000
"""So many pairs of a batch are queued at most. A list in which everybody has one name and one phone has a
pair of every two people, and nobody decides so many: the list itself is wrong.
"""

_LIKENESSES = ("same_name_and_phone", "same_name_and_birth", "same_name_and_enterprise")


async def find_when_due(db: Database) -> int:
    """Compare the next batch of new nominations; nothing is locked while there is none."""
    async with db.read() as session:
        if (
            await session.scalars(select(Nomination.id).where(~Nomination.compared).limit(1))
        ).first() is None:
            return 0
    async with db.write() as session:
        return await find_duplicates(session, datetime.now(UTC))


async def find_duplicates(session: AsyncSession, now: datetime) -> int:
    """Queue who is like the persons of the next batch of new nominations; tell how many were compared."""
    due = select(Nomination.id, Nomination.person_id).where(~Nomination.compared)
    due = due.order_by(Nomination.id).limit(BATCH).with_for_update(skip_locked=True)
    batch = (await session.execute(due)).all()
    if not batch:
        return 0
    found = await session.execute(_alike({person_id for _, person_id in batch}))
    rows = {}
    for one, other, *alike in found:
        first, second = sorted((one, other))
        rows[first, second] = {
            "id": new_id(),
            "first_id": first,
            "second_id": second,
            "reasons": [name for name, holds in zip(_LIKENESSES, alike, strict=True) if holds],
            "status": "open",
            "found_at": now,
        }
    known = await _hold_known(session, {one for pair in rows for one in pair})
    rows = {pair: row for pair, row in rows.items() if known.issuperset(pair)}
    if rows:
        adding = upsert(Duplicate)
        adding = adding.on_conflict_do_update(
            index_elements=["first_id", "second_id"],
            set_={"reasons": adding.excluded.reasons},
            where=Duplicate.status == "open",
        )
        await session.execute(adding, [rows[pair] for pair in sorted(rows)])
    compared = update(Nomination).where(Nomination.id.in_([one for one, _ in batch])).values(compared=True)
    await session.execute(compared.execution_options(synchronize_session=False))
    return len(batch)


async def _hold_known(session: AsyncSession, person_ids: Collection[str]) -> set[str]:
    """Keep people from being erased until the transaction ends; who just was is like nobody any more."""
    known = select(Person.id).where(Person.id.in_(sorted(person_ids)), Person.erased_at.is_(None))
    return set(await session.scalars(known.order_by(Person.id).with_for_update(read=True, key_share=True)))


def _alike(person_ids: Collection[str]) -> Select[*tuple[Any, ...]]:
    """Select pairs of equal names with what else is equal; who was merged stands for nobody any more."""
    one, other = aliased(Person), aliased(Person)
    hers, his = aliased(Nomination), aliased(Nomination)
    together = (
        select(hers.id)
        .join(his, his.enterprise_id == hers.enterprise_id)
        .where(hers.person_id == one.id, his.person_id == other.id)
    )
    alike = (
        func.coalesce(one.name_phone_index == other.name_phone_index, false()),
        func.coalesce(one.name_birth_index == other.name_birth_index, false()),
        together.exists(),
    )
    flags = tuple(case((holds, 1), else_=0) for holds in alike)
    return (
        select(one.id, other.id, *flags)
        .join(other, other.name_index == one.name_index)
        .where(
            one.id.in_(sorted(person_ids)),
            other.id != one.id,
            one.merged_into.is_(None),
            other.merged_into.is_(None),
            alike[0] | alike[1] | alike[2],
        )
        .order_by(one.id, other.id)
        .limit(MOST_PAIRS)
    )
