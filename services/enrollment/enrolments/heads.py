"""Who counts toward the floor of a cycle: heads are claimed, passed on and freed here (C06, Q7).

A head exists while one enrolment of the person in a class that counts is neither withdrawn nor merged. All
of it happens under a lock of the person: of a claim and a withdrawal at the same instant the later one sees
what the earlier one left, so that a person never has two heads, nor none where one is due.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import SelectBase, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.persons.models import Person
from services.enrollment.plan import PlannedClass, find_classes, judged_by
from shared.database import upsert
from shared.faults import ConcurrentChange


async def lock_persons(session: AsyncSession, person_ids: SelectBase) -> None:
    """Lock people to the end of the transaction, in one order; heads of theirs are touched after it.

    Of whom somebody was merged while the lock was waited for, others are concerned than those locked.
    """
    people = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    locked = set(await session.scalars(people.with_for_update()))
    if set(await session.scalars(people)) - locked:
        raise ConcurrentChange


async def claim_heads(session: AsyncSession, enrolments: Sequence[Enrolment]) -> None:
    """Let these new enrolments of locked people hold the heads that are free."""
    claims = [_head(one) for one in sorted(enrolments, key=lambda one: one.person_id)]
    await session.execute(upsert(Head).on_conflict_do_nothing(), claims)
    rosters = {one.roster_id for one in enrolments}
    held = set(await session.scalars(select(Head.enrolment_id).where(Head.roster_id.in_(rosters))))
    for one in enrolments:
        one.head = one.id in held


async def pass_heads(
    session: AsyncSession, cycle_id: str, leaving: Sequence[Enrolment], known: Sequence[Enrolment]
) -> dict[str, tuple[Enrolment, PlannedClass]]:
    """Take the heads of withdrawn enrolments and give each to its heir; free those that have none.

    `known` are all enrolments in the cycle of the people who leave, locked. The heir is the earliest one that
    stands in a class that counts. Tells the heirs, with their classes, by the enrolment that left.
    """
    holders = [one for one in leaving if one.head]
    if not holders:
        return {}
    people = {one.person_id for one in holders}
    standing = [one for one in known if one.status not in ENDED and one.person_id in people]
    classes = await find_classes(session, {one.class_id for one in standing}, held=True)
    able = {one.id for one in standing if await _counts(session, one, classes)}
    heirs = _heirs(one for one in standing if one.id in able)
    passed = {one.id: heirs[one.person_id] for one in holders if one.person_id in heirs}
    for one in holders:
        one.head = False
    for heir in passed.values():
        heir.head = True
        heir.version += 1
    if passed:
        await session.execute(update(Head), [_head(heir) for heir in passed.values()])
    if freed := sorted(people - heirs.keys()):
        await session.execute(delete(Head).where(Head.cycle_id == cycle_id, Head.person_id.in_(freed)))
    return {left: (heir, classes[heir.class_id]) for left, heir in passed.items()}


async def settle_heads(
    session: AsyncSession,
    holders: Collection[str],
    known: Sequence[Enrolment],
    preferred: Collection[str],
) -> list[Enrolment]:
    """Give each of these people one head in a cycle, or none, after enrolments went from one to another.

    `known` are all enrolments in the cycle of the people concerned, locked; who is no holder loses the head.
    It goes to the earliest of those preferred, else to the earliest, that stands in a class that counts.
    Tells the enrolments that won or lost a head; their versions are left to the caller.
    """
    standing = [one for one in known if one.status not in ENDED and one.person_id in holders]
    classes = await find_classes(session, {one.class_id for one in standing}, held=True)
    able = [one for one in standing if await _counts(session, one, classes)]
    heirs = _heirs(able) | _heirs(one for one in able if one.id in preferred)
    await session.execute(delete(Head).where(Head.enrolment_id.in_([one.id for one in known])))
    if heirs:
        await session.execute(insert(Head), [_head(heirs[one]) for one in sorted(heirs)])
    won = {one.id for one in heirs.values()}
    changed = [one for one in known if one.head != (one.id in won)]
    for one in changed:
        one.head = not one.head
    return changed


def _head(one: Enrolment) -> dict[str, str]:
    return {
        "cycle_id": one.cycle_id,
        "person_id": one.person_id,
        "enrolment_id": one.id,
        "class_id": one.class_id,
        "roster_id": one.roster_id,
    }


async def _counts(session: AsyncSession, one: Enrolment, classes: Mapping[str, PlannedClass]) -> bool:
    """Tell whether the class counts by the revision under which the trainee was enrolled (C26)."""
    planned = classes.get(one.class_id)
    return planned is not None and (await judged_by(session, planned, one.revision)).adds_heads


def _heirs(standing: Iterable[Enrolment]) -> dict[str, Enrolment]:
    """Choose who may hold the head of each person: the earliest of those whose class counts."""
    able: dict[str, list[Enrolment]] = defaultdict(list)
    for one in standing:
        able[one.person_id].append(one)
    return {
        person_id: min(rows, key=lambda one: (one.enrolled_at, one.position, one.id))
        for person_id, rows in able.items()
    }
