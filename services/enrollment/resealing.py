"""Sealing anew what older keys have sealed, and indexing anew what older keys have indexed (decision 0014).

A batch is a transaction, and what is still to do is read from the rows themselves: every value names its key.
So it may be stopped at any moment and begun again, beside a running service. Once nothing is left, no row
needs the older keys any more. Persons of before likeness was indexed get their indexes here, too.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.imports.models import CONTENT, ImportPart
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import NAME, NUMBER, PHONE, Person
from services.enrollment.persons.queries import keys_of, likeness_of, opened
from services.enrollment.settings import Settings
from shared.database import Database
from shared.keys import KeyRing
from shared.sealed import Sealer

BATCH = 500
PARTS = 20
"""So many parts of uploads in a transaction, of a quarter of a megabyte each."""


async def reseal(settings: Settings, db: Database) -> Mapping[str, int]:
    """Bring persons and uploads under the keys in use; tell how many persons and parts there were."""
    sealer = Sealer.of_persons(KeyRing(settings.keys_directory))
    return {"persons": await reseal_all(db, sealer), "parts": await reseal_uploads(db, sealer)}


async def reseal_all(db: Database, sealer: Sealer) -> int:
    total = 0
    while count := await reseal_batch(db, sealer):
        total += count
    return total


async def reseal_batch(db: Database, sealer: Sealer) -> int:
    """Seal and index the next persons anew, who are then compared again; tell how many there were."""
    due = select(Person).where(_stale(sealer)).order_by(Person.id).limit(BATCH).with_for_update()
    async with db.write() as session:
        people = (await session.scalars(due)).all()
        for person in people:
            _renew(sealer, person)
        await session.flush()
        await _compare_again(session, [person.id for person in people])
        return len(people)


async def reseal_uploads(db: Database, sealer: Sealer) -> int:
    """Seal the parts of uploads anew that older keys have sealed; tell how many there were."""
    due = (
        select(ImportPart)
        .where(not_(_starts_with(ImportPart.content, sealer.seal_prefix)))
        .order_by(ImportPart.import_id, ImportPart.number)
        .limit(PARTS)
        .with_for_update()
    )
    total = 0
    while True:
        async with db.write() as session:
            parts = (await session.scalars(due)).all()
            for part in parts:
                part.content = sealer.seal_bytes(sealer.open_bytes(part.content, CONTENT), CONTENT)
        if not parts:
            return total
        total += len(parts)


def _renew(sealer: Sealer, person: Person) -> None:
    one = opened(sealer, person)
    if one is None:
        return
    person.number_sealed, person.name_sealed = sealer.seal(one.number, NUMBER), sealer.seal(one.name, NAME)
    person.phone_sealed = sealer.seal(one.phone, PHONE) if one.phone else None
    person.number_index = keys_of(sealer, one)[0][1]
    for column, index in likeness_of(sealer, one).items():
        setattr(person, column, index)


async def _compare_again(session: AsyncSession, person_ids: list[str]) -> None:
    """Let duplicates of these people be looked for once more: under another index nobody was like them."""
    theirs = update(Nomination).where(Nomination.person_id.in_(person_ids)).values(compared=False)
    await session.execute(theirs.execution_options(synchronize_session=False))


def _stale(sealer: Sealer) -> ColumnElement[bool]:
    sealed = (Person.number_sealed, Person.name_sealed, Person.phone_sealed)
    indexed = (Person.number_index, Person.name_index, Person.name_phone_index, Person.name_birth_index)
    stale = or_(
        Person.name_index.is_(None),
        *(not_(_starts_with(column, sealer.seal_prefix)) for column in sealed),
        *(not_(_starts_with(column, sealer.index_prefix)) for column in indexed),
    )
    return and_(Person.erased_at.is_(None), stale)


def _starts_with(column: InstrumentedAttribute[Any], prefix: bytes) -> ColumnElement[bool]:
    """Compare bytes as both databases do; of a value that is not there neither yes nor no."""
    end = prefix[:-1] + bytes([prefix[-1] + 1])
    return and_(column >= prefix, column < end)
