"""Undoing a merge: what went over goes back, with what has come of it since; what is new stays.

An enrolment that came of a nomination which goes back goes with it. Two enrolments that were joined stand
each by itself again where the class still has room, unless a completion was confirmed by what both did
together. The later one of two merges of a person is undone first.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.joining import part_participation
from services.enrollment.duplicates.domain import (
    MergeOvertaken,
    MergeUndoneAlready,
    check_may_decide,
    check_not_confirmed,
)
from services.enrollment.duplicates.joining import part_learning
from services.enrollment.duplicates.merging import MERGES, joined_enrolment, note_decision
from services.enrollment.duplicates.models import PersonMerge
from services.enrollment.duplicates.possessions import Possessions, check_not_erased, lock_possessions
from services.enrollment.duplicates.queries import decides_on_everybody, get_merge
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.belonging import find_belongings
from services.enrollment.persons.models import Person
from services.enrollment.rosters.commands import check_room
from shared.caller import Caller
from shared.events.enrollment import PersonsParted
from shared.events.envelope import aggregate, fact
from shared.outbox import record

_LEFT = ("status", "withdrawn_at", "withdrawn_by", "withdrawal_reason")


async def undo_merge(
    session: AsyncSession, caller: Caller, merge_id: str, reason: str, now: datetime
) -> PersonMerge:
    """Part two persons again, at the word of who may decide on the survivor."""
    seen = await get_merge(session, caller, merge_id)
    survivor_id, retired_id = seen.survivor_id, seen.retired_id
    theirs = await lock_possessions(session, (survivor_id, retired_id))
    merge = await session.get_one(PersonMerge, seen.position, with_for_update=True, populate_existing=True)
    homes = await find_belongings(session, [survivor_id])
    decides_all = await decides_on_everybody(session, caller)
    check_may_decide(caller.organisation_id, homes[survivor_id].departments, decides_all=decides_all)
    check_not_erased(theirs.persons)
    if merge.undone_at is not None:
        raise MergeUndoneAlready(merge_id=merge_id)
    await _check_latest(session, merge)

    cycle_ids = _give_back(theirs, merge)
    pairs = await _part_enrolments(session, theirs, merge)
    theirs.persons[retired_id].merged_into = None
    followers = update(Person).where(Person.id.in_(merge.moved["persons"])).values(merged_into=retired_id)
    await session.execute(followers.execution_options(synchronize_session=False))
    await theirs.settle(session, cycle_ids, [survivor_id, retired_id], merge.moved["heads"])
    learning = merge.moved.get("learning", [])
    for joined in learning:
        await part_learning(session, joined)
    await theirs.recount_sessions(session, learning, now)
    whose = {one.id for one in theirs.enrolments_of(retired_id)}
    await part_participation(session, merge.moved.get("participation", []), retired_id, whose, now)
    merge.undone_at, merge.undone_by, merge.undone_for = now, caller.principal, caller.organisation_id
    merge.undo_reason = reason
    await note_decision(session, merge, caller, "distinct", reason, now)
    told = PersonsParted(
        merge_id=merge.id,
        survivor_id=survivor_id,
        retired_id=retired_id,
        heads=theirs.moved_heads(),
        joined=tuple(joined_enrolment(stays, again) for stays, again in pairs),
    )
    await record(session, fact(told, subject=aggregate(MERGES, merge.id), at=now))
    await theirs.tell(session, now)
    return merge


async def _check_latest(session: AsyncSession, merge: PersonMerge) -> None:
    people = (merge.survivor_id, merge.retired_id)
    later = select(PersonMerge.id).where(
        PersonMerge.position > merge.position,
        PersonMerge.undone_at.is_(None),
        or_(PersonMerge.survivor_id.in_(people), PersonMerge.retired_id.in_(people)),
    )
    if standing := (await session.scalars(later.order_by(PersonMerge.position))).all():
        raise MergeOvertaken(merge_id=merge.id, later=tuple(standing))


def _give_back(theirs: Possessions, merge: PersonMerge) -> set[str]:
    """Let nominations, credit and enrolments be the retired person's again; tell the cycles concerned."""
    nominations = {one.id: one for one in theirs.nominations}
    for joined in merge.moved["joined"]:
        stays, goes = nominations[joined["kept"]], nominations[joined["retired"]]
        left = {
            channel: credit
            for channel, credit in stays.credits.items()
            if channel not in joined["channels"] or credit != goes.credits[channel]
        }
        if left != stays.credits:
            theirs.change(stays, credits=left)
        theirs.change(goes, status="nominated")
    for one in merge.moved["nominations"]:
        theirs.change(nominations[one], person_id=merge.retired_id)
    back = set(merge.moved["enrolments"])
    for one in theirs.enrolments_of(merge.survivor_id):
        if one.id in back or one.nomination_id in merge.moved["nominations"]:
            theirs.change(one, person_id=merge.retired_id)
    return {one.cycle_id for one in theirs.enrolments}


async def _part_enrolments(
    session: AsyncSession, theirs: Possessions, merge: PersonMerge
) -> list[tuple[Enrolment, Enrolment]]:
    """Let the enrolments that ended stand again; of a class that was called off they end with the others.

    Tells those that stand again, each after the one with which it was joined.
    """
    known = {one.id: one for one in theirs.enrolments}
    pairs = [(known[one["kept"]], known[one["ended"]]) for one in merge.moved.get("learning", [])]
    for stays, again in pairs:
        check_not_confirmed(again.class_id, stays.id, again.id, stays.status)
        planned = theirs.classes[again.class_id]
        ends: dict[str, Any] = {}
        if planned.state.status == "cancelled":
            ends = {name: getattr(stays, name) for name in _LEFT}
        else:
            await check_room(session, planned, 1, 0)
        theirs.change(again, **{"status": "enrolled", "merged_into_enrolment_id": None} | ends)
        await session.flush()
    return [(stays, again) for stays, again in pairs if again.status == "enrolled"]
