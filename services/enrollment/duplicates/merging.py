"""Merging two persons: what the retired one has goes over to the survivor, and what went is kept for an undo.

In a class for which both were nominated the survivor's nomination takes over the credit, and the other one is
marked as merged. Enrolments go over. Of two of one class the retired one's ends as merged: the survivor's
goes on with what was learnt under both, and a place is free; the approved rows stay as they are. Of two that
are closed for good the retired one's stays where it is, readable, without a head: a person counts once a
cycle (C34, Q7).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.joining import join_participation
from services.enrollment.duplicates.domain import (
    NominationsOnOpenRoster,
    PersonsTheSame,
    Standing,
    check_may_decide,
    check_mergeable,
    goes_on_as_one,
    joined_channels,
)
from services.enrollment.duplicates.joining import join_learning
from services.enrollment.duplicates.models import Duplicate, PersonMerge
from services.enrollment.duplicates.possessions import Possessions, check_not_erased, lock_possessions
from services.enrollment.duplicates.queries import decides_on_everybody
from services.enrollment.duplicates.schemas import MergePersons
from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.belonging import find_belongings, get_visible_person
from services.enrollment.persons.models import Person
from services.enrollment.rosters.domain import OPEN
from services.enrollment.rosters.models import Roster, RosterRow
from shared.caller import Caller
from shared.events.enrollment import JoinedEnrolment, PersonsMerged
from shared.events.envelope import aggregate, fact
from shared.outbox import record

MERGES = "enrollment.person_merge"


async def merge_persons(
    session: AsyncSession, caller: Caller, asked: MergePersons, now: datetime
) -> PersonMerge:
    """Retire a person in favour of another one, at the word of who may decide on both."""
    survivor_id, retired_id = pair = asked.survivor_id, asked.retired_id
    if survivor_id == retired_id:
        raise PersonsTheSame
    for one in pair:
        await get_visible_person(session, caller, one)
    theirs = await lock_possessions(session, pair)
    homes = await find_belongings(session, pair)
    departments = frozenset[str]().union(*(one.departments for one in homes.values()))
    decides_all = await decides_on_everybody(session, caller)
    check_may_decide(caller.organisation_id, departments, decides_all=decides_all)
    check_not_erased(theirs.persons)
    check_mergeable(survivor_id, retired_id, {one: theirs.persons[one].merged_into for one in pair})

    heads = [one.id for one in theirs.enrolments if one.head]
    cycle_ids = {one.cycle_id for one in theirs.enrolments_of(retired_id)}
    moved: dict[str, Any] = {
        "heads": heads,
        "persons": await _move_persons(session, theirs, survivor_id, retired_id),
        **await _move_nominations(session, theirs, survivor_id, retired_id),
    }
    moved["enrolments"], pairs = await _move_enrolments(session, theirs, survivor_id, retired_id)
    await theirs.settle(session, cycle_ids, [survivor_id], heads)
    moved["learning"] = [await join_learning(session, stays.id, ends.id) for stays, ends in pairs]
    await theirs.recount_sessions(session, moved["learning"], now)
    ended = {ends.id: stays.id for stays, ends in pairs}
    moved["participation"] = await join_participation(session, survivor_id, retired_id, ended, now)
    merge = PersonMerge(
        survivor_id=survivor_id,
        retired_id=retired_id,
        reason=asked.reason,
        merged_at=now,
        merged_by=caller.principal,
        merged_for=str(caller.organisation_id),
        moved=moved,
    )
    session.add(merge)
    await session.flush()
    await note_decision(session, merge, caller, "merged", asked.reason, now)
    told = PersonsMerged(
        merge_id=merge.id,
        survivor_id=survivor_id,
        retired_id=retired_id,
        heads=theirs.moved_heads(),
        joined=tuple(joined_enrolment(stays, ends) for stays, ends in pairs),
    )
    await record(session, fact(told, subject=aggregate(MERGES, merge.id), at=now))
    await theirs.tell(session, now)
    return merge


def joined_enrolment(stays: Enrolment, ends: Enrolment) -> JoinedEnrolment:
    return JoinedEnrolment(enrolment_id=ends.id, class_id=ends.class_id, into_enrolment_id=stays.id)


async def note_decision(
    session: AsyncSession, merge: PersonMerge, caller: Caller, status: str, reason: str, now: datetime
) -> None:
    """Note in the queue what became of the two, if they stand in it."""
    first_id, second_id = sorted((merge.survivor_id, merge.retired_id))
    decided = (
        update(Duplicate)
        .where(Duplicate.first_id == first_id, Duplicate.second_id == second_id)
        .values(
            status=status,
            decided_at=now,
            decided_by=caller.principal,
            decided_for=caller.organisation_id,
            reason=reason,
        )
    )
    await session.execute(decided.execution_options(synchronize_session=False))


async def _move_persons(
    session: AsyncSession, theirs: Possessions, survivor_id: str, retired_id: str
) -> list[str]:
    """Retire the person, and let those who were merged into it be found as the survivor; tell the latter."""
    theirs.persons[retired_id].merged_into = survivor_id
    followers = (
        update(Person)
        .where(Person.merged_into == retired_id)
        .values(merged_into=survivor_id)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(await session.scalars(followers))


async def _move_nominations(
    session: AsyncSession, theirs: Possessions, survivor_id: str, retired_id: str
) -> dict[str, Any]:
    kept, retired = theirs.nominations_of(survivor_id), theirs.nominations_of(retired_id)
    both = sorted(kept.keys() & retired.keys())
    for class_id in both:
        await _check_on_no_open_roster(session, class_id, (kept[class_id].id, retired[class_id].id))
    joined = []
    for class_id in both:
        stays, goes = kept[class_id], retired[class_id]
        channels = joined_channels(stays.credits, goes.credits)
        if channels:
            gained = {one: goes.credits[one] for one in channels}
            theirs.change(stays, credits={**stays.credits, **gained})
        theirs.change(goes, status="merged")
        joined.append({"kept": stays.id, "retired": goes.id, "channels": channels})
    moved = [one for class_id, one in retired.items() if class_id not in kept]
    for one in moved:
        theirs.change(one, person_id=survivor_id, compared=False)
    return {"joined": joined, "nominations": [one.id for one in moved]}


async def _check_on_no_open_roster(session: AsyncSession, class_id: str, ids: tuple[str, str]) -> None:
    """Refuse while an open roster names one of the two, or who takes the place of one of them."""
    on = (
        select(RosterRow.roster_id)
        .join(Roster, Roster.id == RosterRow.roster_id)
        .where(
            or_(RosterRow.nomination_id.in_(ids), RosterRow.replaces_enrolment_id.in_(ids)),
            Roster.status.in_(OPEN),
        )
    )
    if rosters := sorted(set(await session.scalars(on))):
        raise NominationsOnOpenRoster(class_id=class_id, roster_ids=tuple(rosters))


async def _move_enrolments(
    session: AsyncSession, theirs: Possessions, survivor_id: str, retired_id: str
) -> tuple[list[str], list[tuple[Enrolment, Enrolment]]]:
    """Let enrolments go over; tell which, and of which two of a class the first goes on as both."""
    standing = {one.class_id: one for one in theirs.enrolments_of(survivor_id) if one.status not in ENDED}
    moved: list[Enrolment] = []
    pairs: list[tuple[Enrolment, Enrolment]] = []
    for one in theirs.enrolments_of(retired_id):
        other = standing.get(one.class_id)
        if other is None or one.status in ENDED:
            moved.append(one)
        elif goes_on_as_one(one.class_id, _standing(other), _standing(one)):
            await _check_on_no_open_roster(session, one.class_id, (other.id, one.id))
            pairs.append((other, one))
    for one in moved:
        theirs.change(one, person_id=survivor_id)
    for stays, ends in pairs:
        theirs.change(ends, person_id=survivor_id, status="merged", merged_into_enrolment_id=stays.id)
    return [*(one.id for one in moved), *(ends.id for _, ends in pairs)], pairs


def _standing(one: Enrolment) -> Standing:
    return Standing(one.id, one.status, one.certificate_number)
