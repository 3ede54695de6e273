"""Which trainees of a class something is said about: locked, so that no confirmation passes by meanwhile."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.domain import ENDED
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.learning.domain import (
    TAUGHT,
    ClassNotTeaching,
    EnrolmentClosed,
    EnrolmentNotOfClass,
    check_teaching,
)
from services.enrollment.persons.models import Person
from services.enrollment.plan import PlannedClass, get_class
from shared.caller import Caller

Trainees = Mapping[str, tuple[str, str]]
"""Enrolment and its status, by the id of the enrolment and by that of the person."""


async def get_taught_class(session: AsyncSession, caller: Caller, class_id: str) -> PlannedClass:
    """Get a class that the caller runs and whose learning may still be recorded."""
    planned = await get_class(session, class_id)
    planned.check_runner(caller)
    try:
        check_teaching(class_id, planned.state.status, TAUGHT)
    except ClassNotTeaching as refusal:
        raise planned.refuse(refusal) from None
    return planned


async def continued(session: AsyncSession, class_id: str, names: Collection[str]) -> dict[str, str]:
    """Tell of enrolments and persons that were merged as which they go on; all others are absent."""
    merged = select(Enrolment.id, Enrolment.merged_into_enrolment_id).where(
        Enrolment.class_id == class_id, Enrolment.merged_into_enrolment_id.is_not(None)
    )
    retired = select(Person.id, Person.merged_into).where(
        Person.id.in_(names), Person.merged_into.is_not(None)
    )
    into = {one: str(goes_on) for one, goes_on in await session.execute(union_all(merged, retired))}
    followed: dict[str, str] = {}
    for name in into.keys() & set(names):
        last = into[name]
        while last in into:
            last = into[last]
        followed[name] = last
    return followed


async def lock_trainees(session: AsyncSession, class_id: str, names: Collection[str]) -> Trainees:
    """Lock the trainees of a class that are named by enrolment or by person, as a confirmation does."""
    named = or_(Enrolment.id.in_(names), Enrolment.person_id.in_(names))
    found = select(Enrolment.id, Enrolment.person_id, Enrolment.status).where(
        Enrolment.class_id == class_id, named
    )
    rows = (await session.execute(found.order_by(Enrolment.id).with_for_update())).all()
    by_enrolment = {row.id: (row.id, row.status) for row in rows}
    # Of a person who left the class and came again, the enrolment that stands is meant.
    left_first = sorted(rows, key=lambda row: row.status not in ENDED)
    return {row.person_id: (row.id, row.status) for row in left_first} | by_enrolment


def check_trainee(name: str, class_id: str, trainees: Trainees) -> str:
    """Tell the enrolment that is meant, or refuse one that is not of the class or no longer changes."""
    enrolment_id, status = trainees.get(name, (name, ""))
    if not status:
        raise EnrolmentNotOfClass(enrolment_id=name, class_id=class_id)
    if status != "enrolled":
        raise EnrolmentClosed(enrolment_id=enrolment_id, state=status)
    return enrolment_id
