"""What if: the floors of a cycle with other trainees than there are. Nothing of it is stored.

What is dropped goes first, and heads pass on as they would if people really left (Q7); then classes get other
numbers, in the shares that they have; then heads are added that nobody has yet. Grouped by class, so that the
number of queries does not depend on the number of people.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.plan import Cycle, class_unknown, find_classes, get_cycle, judged_by
from services.enrollment.progress.counting import Tally, floor_conditions, gather, holds_head, tally
from services.enrollment.progress.domain import (
    Assumed,
    NothingToDrop,
    check_shares,
    count_assumed,
    measure,
    resized,
)
from services.enrollment.progress.schemas import (
    AddHeads,
    AssumedFloor,
    AssumedProgress,
    Assumptions,
    Drop,
    ReachView,
)
from shared.caller import Caller
from shared.events.policy import Floor, PolicyPack
from shared.events.registry import ClassState

TRACK = "track"


async def assume(session: AsyncSession, caller: Caller, asked: Assumptions) -> AssumedProgress:
    """Tell how far each floor is reached now, and would be."""
    cycle = await get_cycle(session, asked.cycle_id)
    if caller.kind != "bureau":
        caller.require(TRACK, cycle.pack)
    added = [_assumed(cycle.pack, one) for one in asked.add]
    able, classes = await _classes(session, cycle, [one.class_id for one in asked.counts])
    await _check_dropped(session, asked.cycle_id, asked.drop)
    counts = await floor_conditions(session, cycle.pack.floors, classes)

    async def by_class(*which: ColumnElement[bool]) -> dict[str, Tally]:
        return gather(await tally(session, (Enrolment.class_id,), counts, *which))

    now = await by_class(holds_head(asked.cycle_id))
    then = dict(now)
    if dropped := _dropped(asked.drop):
        gone = or_(*dropped)
        for class_id, one in (await by_class(holds_head(asked.cycle_id), gone)).items():
            then[class_id] += -one
        for class_id, one in (await by_class(Enrolment.id.in_(_heirs(asked.cycle_id, gone, able)))).items():
            then[class_id] = then.get(class_id, Tally()) + one
    floors = cycle.pack.floors
    for change in asked.counts:
        state = classes[change.class_id]
        then[change.class_id] = _resized(
            cycle.pack, state, then.get(change.class_id, Tally()), change.persons
        )
    before = sum(now.values(), Tally())
    after = sum((*then.values(), *(_tallied(floors, one) for one in added)), Tally())
    return AssumedProgress(
        cycle_id=asked.cycle_id,
        revision=cycle.state.revision,
        heads_before=before.persons,
        heads_after=after.persons,
        floors=[_floor(floor, before, after) for floor in floors],
    )


def _assumed(pack: PolicyPack, one: AddHeads) -> Assumed:
    """Read planned heads by the words of the pack; a kind that does not count adds none (C26)."""
    kind = pack.class_kind(one.class_kind)
    if one.arrangement is not None:
        pack.arrangement(one.class_kind, one.arrangement)
    if one.special_topic is not None:
        pack.special_topic(one.special_topic)
    words = {"tier": pack.tier, "target_group": pack.target_group, "channel": pack.channel}
    for share in one.shares:
        if share.attribute in words:
            words[share.attribute](share.value)
    return Assumed(
        persons=one.persons if kind.counts_toward_target else 0,
        facts={
            "class_kind": one.class_kind,
            "arrangement": one.arrangement,
            "special_topic": one.special_topic,
        },
        shares=check_shares([(share.attribute, share.value, share.share) for share in one.shares]),
    )


async def _classes(
    session: AsyncSession, cycle: Cycle, also: Collection[str]
) -> tuple[list[tuple[str, int]], dict[str, ClassState]]:
    """Read the classes that have trainees, and others that are named; tell where trainees may hold heads.

    Whether a class counts is judged by the revision under which each trainee was enrolled (C26).
    """
    standing = select(Enrolment.class_id, Enrolment.revision).where(*_standing(cycle.state.id)).distinct()
    pairs = [(class_id, revision) for class_id, revision in await session.execute(standing)]
    planned = await find_classes(session, {class_id for class_id, _ in pairs} | set(also))
    for class_id in also:
        if class_id not in planned or planned[class_id].state.cycle_id != cycle.state.id:
            raise class_unknown(class_id)
    able = [
        (class_id, revision)
        for class_id, revision in pairs
        if class_id in planned and (await judged_by(session, planned[class_id], revision)).adds_heads
    ]
    return able, {class_id: one.state for class_id, one in planned.items()}


def _standing(cycle_id: str) -> tuple[ColumnElement[bool], ...]:
    return Enrolment.cycle_id == cycle_id, Enrolment.status.not_in(ENDED)


def _dropped(drop: Drop) -> list[ColumnElement[bool]]:
    """Say who is dropped, one condition for each way to name them."""
    rows = [(one.roster_id, one.position) for one in drop.rows]
    named = (
        (Enrolment.class_id, drop.class_ids),
        (Enrolment.id, drop.enrolment_ids),
        (tuple_(Enrolment.roster_id, Enrolment.position), rows),
    )
    return [what.in_(values) for what, values in named if values]


async def _check_dropped(session: AsyncSession, cycle_id: str, drop: Drop) -> None:
    """Refuse to drop what nobody stands under: the answer would say that nothing changes."""
    if not (dropped := _dropped(drop)):
        return
    standing = select(Enrolment.class_id, Enrolment.id, Enrolment.roster_id, Enrolment.position)
    found = (await session.execute(standing.where(*_standing(cycle_id), or_(*dropped)))).all()
    rows = {(row.roster_id, row.position) for row in found}
    missing = {
        *(set(drop.class_ids) - {row.class_id for row in found}),
        *(set(drop.enrolment_ids) - {row.id for row in found}),
        *(
            f"{one.roster_id}/{one.position}"
            for one in drop.rows
            if (one.roster_id, one.position) not in rows
        ),
    }
    if missing:
        raise NothingToDrop(cycle_id=cycle_id, ids=sorted(missing))


def _heirs(cycle_id: str, gone: ColumnElement[bool], able: Collection[tuple[str, int]]) -> Select[str]:
    """Select who would hold the heads of those who are gone: the earliest that stands where it may (Q7)."""
    freed = (
        select(Head.person_id)
        .join(Enrolment, Enrolment.id == Head.enrolment_id)
        .where(Head.cycle_id == cycle_id, gone)
        .correlate(None)
    )
    first = (Enrolment.enrolled_at, Enrolment.position, Enrolment.id)
    ranked = (
        select(
            Enrolment.id,
            func.row_number().over(partition_by=Enrolment.person_id, order_by=first).label("rank"),
        )
        .where(
            *_standing(cycle_id),
            not_(gone),
            tuple_(Enrolment.class_id, Enrolment.revision).in_(able),
            Enrolment.person_id.in_(freed),
        )
        .subquery()
    )
    return select(ranked.c.id).where(ranked.c.rank == 1)


def _resized(pack: PolicyPack, state: ClassState, now: Tally, persons: int) -> Tally:
    """Give a class another number of heads; one that has none yet counts by what is known of the class."""
    if not pack.class_kind(state.kind).counts_toward_target:
        return now
    if now.persons:
        counted = {code: resized(number, now.persons, persons) for code, number in now.counted.items()}
        return Tally(persons, 0, counted)
    facts = {
        "class_kind": state.kind,
        "arrangement": state.arrangement,
        "special_topic": state.special_topic,
    }
    return _tallied(pack.floors, Assumed(persons=persons, facts=facts))


def _tallied(floors: Collection[Floor], one: Assumed) -> Tally:
    return Tally(one.persons, 0, {floor.code: count_assumed(floor, one) for floor in floors})


def _floor(floor: Floor, before: Tally, after: Tally) -> AssumedFloor:
    was, would_be = (
        measure(floor, counted=one.counted.get(floor.code, 0), persons=one.persons) for one in (before, after)
    )
    return AssumedFloor(
        code=floor.code,
        zh=floor.zh,
        en=floor.en,
        before=ReachView.model_validate(was),
        after=ReachView.model_validate(would_be),
        flips=was.reached != would_be.reached,
    )
