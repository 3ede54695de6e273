"""Who sits where: kept from the facts of enrollment, which come in parts, twice, and in any order."""

from collections.abc import Collection, Iterable
from typing import cast

from sqlalchemy import Table, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import INSTITUTION
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.planning.models import SeatAllotment, SeatTaken
from shared.database import upsert
from shared.events.enrollment import ApprovedRow, JoinedEnrolment

_taken = cast("Table", SeatTaken.__table__)
_seating = upsert(_taken)
_SEAT = _seating.on_conflict_do_update(
    index_elements=["enrolment_id"],
    set_={name: _seating.excluded[name] for name in ("class_id", "department_id")},
)
_MERGE = _seating.on_conflict_do_update(
    index_elements=["enrolment_id"], set_={"merges": SeatTaken.merges + _seating.excluded.merges}
)
_SITS = (SeatTaken.left.is_(False), SeatTaken.merges <= 0)
_LEAVE = _seating.on_conflict_do_update(index_elements=["enrolment_id"], set_={"left": True})


async def seat(session: AsyncSession, class_id: str, rows: Iterable[ApprovedRow]) -> None:
    """Note the trainees of an approved roster; one who has left already, as the facts came, stays gone."""
    seated = [
        {
            "enrolment_id": row.enrolment_id,
            "class_id": class_id,
            "department_id": row.department_id,
            "left": False,
            "merges": 0,
        }
        for row in sorted(rows, key=lambda row: row.enrolment_id)
    ]
    if seated:
        await session.execute(_SEAT, seated)


async def leave(session: AsyncSession, class_id: str, enrolment_id: str) -> None:
    """Note that a trainee has left."""
    gone = {
        "enrolment_id": enrolment_id,
        "class_id": class_id,
        "department_id": None,
        "left": True,
        "merges": 0,
    }
    await session.execute(_LEAVE, [gone])


async def join(session: AsyncSession, joined: Iterable[JoinedEnrolment], change: int) -> None:
    """Note that enrolments go on as others, or no more; a sum comes out the same in every order."""
    rows = [
        {
            "enrolment_id": one.enrolment_id,
            "class_id": one.class_id,
            "department_id": None,
            "left": False,
            "merges": change,
        }
        for one in sorted(joined, key=lambda one: one.enrolment_id)
    ]
    if rows:
        await session.execute(_MERGE, rows)


async def count_taken(session: AsyncSession, allotment_ids: Collection[str]) -> dict[str, int]:
    """Count the trainees whom each allotment speaks of; of nobody, none."""
    teaches = exists().where(
        ClassOrganiser.class_id == Class.id,
        ClassOrganiser.organisation_id == SeatAllotment.institution_id,
        ClassOrganiser.role == INSTITUTION,
    )
    anywhere = and_(SeatAllotment.class_id.is_(None), SeatAllotment.institution_id.is_(None))
    there = and_(
        SeatAllotment.class_id.is_(None), or_(Class.lead_id == SeatAllotment.institution_id, teaches)
    )
    counted = (
        select(SeatAllotment.id, func.count().label("taken"))
        .join(SeatTaken, SeatTaken.department_id == SeatAllotment.department_id)
        .join(Class, and_(Class.id == SeatTaken.class_id, Class.cycle_id == SeatAllotment.cycle_id))
        .where(
            SeatAllotment.id.in_(allotment_ids),
            *_SITS,
            or_(anywhere, there, SeatAllotment.class_id == Class.id),
        )
        .group_by(SeatAllotment.id)
    )
    return {row.id: row.taken for row in await session.execute(counted)}


async def count_by_kind(
    session: AsyncSession, department_ids: Collection[str], cycle_ids: Collection[str]
) -> dict[tuple[str, str, str], int]:
    """Count the trainees of departments by cycle, department and kind of class."""
    counted = (
        select(Class.cycle_id, SeatTaken.department_id, Class.kind, func.count())
        .join(Class, Class.id == SeatTaken.class_id)
        .where(
            SeatTaken.department_id.in_(department_ids),
            Class.cycle_id.in_(cycle_ids),
            *_SITS,
        )
        .group_by(Class.cycle_id, SeatTaken.department_id, Class.kind)
    )
    return {(cycle, str(home), kind): count for cycle, home, kind, count in await session.execute(counted)}
