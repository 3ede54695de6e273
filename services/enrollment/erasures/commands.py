"""Erasing people: at their word, and when their time is over. What is counted stays as it is.

All that the people have is locked first, as a merge locks it; so whoever nominates or merges one of them
meanwhile waits, and is asked to try again.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.duplicates.possessions import check_not_erased, lock_possessions
from services.enrollment.enrolments.heads import lock_persons
from services.enrollment.erasures.domain import (
    ErasureBlocked,
    ErasureNotOfCaller,
    Past,
    Terms,
    blocks,
    kept_until,
)
from services.enrollment.erasures.due import list_due, list_phones_due
from services.enrollment.erasures.models import PersonErasure
from services.enrollment.erasures.queries import find_ids, read_pasts
from services.enrollment.erasures.schemas import ErasePerson
from services.enrollment.erasures.traces import take_away
from services.enrollment.nominations.belonging import get_visible_person
from services.enrollment.persons.models import Person
from shared.caller import Caller
from shared.events.enrollment import PersonErased
from shared.events.envelope import aggregate, fact
from shared.faults import ConcurrentChange
from shared.outbox import record

ERASURES = "enrollment.person_erasure"
BY_THE_CLOCK = "retention"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has done: who was erased, and of how many the phone."""

    erased: Sequence[PersonErasure]
    phones: int


async def erase_on_request(
    session: AsyncSession, caller: Caller, person_id: str, asked: ErasePerson, terms: Terms, now: datetime
) -> PersonErasure:
    """Erase a person who asked for it, under all ids; refused with every reason that stands against it."""
    person, belonging = await get_visible_person(session, caller, person_id)
    if caller.kind != "bureau" and caller.organisation_id not in belonging.departments:
        raise ErasureNotOfCaller(person_id=person_id)
    survivor_id = person.merged_into or person.id
    ids = await find_ids(session, [survivor_id])
    theirs = await lock_possessions(session, ids)
    await _check_same(session, ids, [survivor_id])
    check_not_erased(theirs.persons)
    past = (await read_pasts(session, [survivor_id], now))[survivor_id]
    if reasons := blocks(past, terms, now):
        raise ErasureBlocked(person_id=person_id, reasons=reasons)
    row = PersonErasure(
        person_id=survivor_id,
        person_ids=sorted(ids),
        cause="request",
        **asked.model_dump(),
        rule=past.rule,
        organisation_id=caller.organisation_id,
        principal=caller.principal,
        erased_at=now,
    )
    await take_away(session, theirs, ids, caller.principal, now)
    await _note(session, [row], now)
    await theirs.tell(session, now)
    return row


async def sweep(session: AsyncSession, terms: Terms, now: datetime) -> Swept:
    """Erase the next people whose retention date has passed; once there is none, phones without a purpose.

    Never both in one transaction: each locks people first, and nobody waits in a circle.
    """
    if erased := await _erase_due(session, terms, now):
        return Swept(erased, 0)
    return Swept((), await _erase_phones(session, terms, now))


async def _erase_due(session: AsyncSession, terms: Terms, now: datetime) -> list[PersonErasure]:
    due = await list_due(session, terms, now)
    if not due:
        return []
    ids = await find_ids(session, due)
    theirs = await lock_possessions(session, ids)
    await _check_same(session, ids, due)
    pasts = await read_pasts(session, due, now)
    over = {one for one in due if theirs.persons[one].erased_at is None and _is_over(pasts[one], terms, now)}
    names = defaultdict[str, list[str]](list)
    for one, survivor_id in ids.items():
        names[survivor_id].append(one)
    rows = [
        PersonErasure(
            person_id=one,
            person_ids=sorted(names[one]),
            cause="retention",
            rule=pasts[one].rule,
            erased_at=now,
        )
        for one in sorted(over)
    ]
    gone = {one for one, survivor_id in ids.items() if survivor_id in over}
    await take_away(session, theirs, gone, BY_THE_CLOCK, now)
    await _note(session, rows, now)
    await theirs.tell(session, now)
    return rows


def _is_over(past: Past, terms: Terms, now: datetime) -> bool:
    until = kept_until(past, terms)
    return until is not None and until <= now and not blocks(past, terms, now)


async def _erase_phones(session: AsyncSession, terms: Terms, now: datetime) -> int:
    due = await list_phones_due(session, terms, now)
    if not due:
        return 0
    await lock_persons(session, select(Person.id).where(Person.id.in_(await find_ids(session, due))))
    # Once more: a consent that was given while the lock was waited for is seen now.
    due = await list_phones_due(session, terms, now, among=due)
    theirs = Person.id.in_(await find_ids(session, due))
    phones = update(Person).where(theirs).values(phone_sealed=None, name_phone_index=None)
    await session.execute(phones.execution_options(synchronize_session=False))
    return len(due)


async def _check_same(session: AsyncSession, ids: dict[str, str], people: Collection[str]) -> None:
    """Refuse people of whom one was merged or parted before all their locks were had."""
    if set(ids.values()) != set(people) or await find_ids(session, people) != ids:
        raise ConcurrentChange


async def _note(session: AsyncSession, rows: Sequence[PersonErasure], now: datetime) -> None:
    session.add_all(rows)
    await session.flush()
    told = (
        PersonErased(erasure_id=one.id, person_id=one.person_id, person_ids=one.person_ids, cause=one.cause)
        for one in rows
    )
    await record(session, *(fact(one, subject=aggregate(ERASURES, one.erasure_id), at=now) for one in told))
