"""What can be told of enrolments, with masked persons and within what the caller may see."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.domain import EnrolmentNotFound, ListOfNothing
from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.enrolments.schemas import EnrolmentView
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.plan import PlannedClass, get_class
from services.enrollment.scope import scope_in_class, scope_in_cycle
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, to_page
from shared.sealed import Sealer


async def list_enrolments(
    session: AsyncSession,
    caller: Caller,
    sealer: Sealer,
    paging: AskedPage,
    *,
    class_id: str | None,
    cycle_id: str | None,
) -> Page[EnrolmentView]:
    """List the trainees of a class in roster order, or of a cycle, as far as the caller may see them."""
    wanted = select(Enrolment)
    if class_id is not None:
        scope = scope_in_class(caller, await get_class(session, class_id))
        wanted = wanted.where(Enrolment.class_id == class_id)
    elif cycle_id is not None:
        scope = await scope_in_cycle(session, caller, cycle_id)
    else:
        raise ListOfNothing
    if cycle_id is not None:
        wanted = wanted.where(Enrolment.cycle_id == cycle_id)
    keys = (Enrolment.class_id, Enrolment.position, Enrolment.id)
    rows = (await session.scalars(apply(wanted.where(scope.where(Enrolment)), keys, paging))).all()
    shown = {view.id: view for view in await _views(session, sealer, rows[: paging.limit])}
    return to_page(rows, keys, paging, lambda row: shown[row.id])


async def get_visible_enrolment(
    session: AsyncSession, caller: Caller, enrolment_id: str, *, held: bool = False
) -> tuple[Enrolment, PlannedClass]:
    """Get a trainee whom the caller may see, with the class; unknown and unseen are the same answer."""
    enrolment = await session.get(Enrolment, enrolment_id)
    if enrolment is None:
        raise EnrolmentNotFound(enrolment_id=enrolment_id)
    planned = await get_class(session, enrolment.class_id, held=held)
    scope = scope_in_class(caller, planned)
    if not scope.covers(department_id=enrolment.department_id, class_id=enrolment.class_id):
        raise EnrolmentNotFound(enrolment_id=enrolment_id)
    return enrolment, planned


async def get_continued(session: AsyncSession, enrolment_id: str) -> Enrolment:
    """Get an enrolment, or the one as which it goes on since it was merged."""
    enrolment = await session.get_one(Enrolment, enrolment_id)
    while enrolment.merged_into_enrolment_id is not None:
        enrolment = await session.get_one(Enrolment, enrolment.merged_into_enrolment_id)
    return enrolment


async def get_enrolment(
    session: AsyncSession, caller: Caller, sealer: Sealer, enrolment_id: str
) -> EnrolmentView:
    enrolment, _ = await get_visible_enrolment(session, caller, enrolment_id)
    return await enrolment_view(session, sealer, enrolment)


async def enrolment_view(session: AsyncSession, sealer: Sealer, enrolment: Enrolment) -> EnrolmentView:
    return (await _views(session, sealer, [enrolment]))[0]


async def find_heads(session: AsyncSession, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Tell in which class each person counts, by cycle and person; those who count nowhere are absent."""
    if not pairs:
        return {}
    found = await session.execute(
        select(Head.cycle_id, Head.person_id, Head.class_id).where(
            Head.cycle_id.in_({cycle_id for cycle_id, _ in pairs}),
            Head.person_id.in_({person_id for _, person_id in pairs}),
        )
    )
    return {(cycle_id, person_id): class_id for cycle_id, person_id, class_id in found}


async def list_departments(session: AsyncSession, class_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """List the home departments of all who were ever enrolled in each of these classes."""
    found = select(Enrolment.class_id, Enrolment.department_id).where(Enrolment.class_id.in_(class_ids))
    departments: dict[str, set[str]] = {class_id: set() for class_id in class_ids}
    for class_id, department_id in await session.execute(found.distinct()):
        departments[class_id].add(department_id)
    return {class_id: frozenset(named) for class_id, named in departments.items()}


async def _views(
    session: AsyncSession, sealer: Sealer, enrolments: Sequence[Enrolment]
) -> list[EnrolmentView]:
    persons = await get_persons(session, {one.person_id for one in enrolments})
    shown = []
    for one in enrolments:
        values: dict[str, Any] = {
            name: getattr(one, name) for name in EnrolmentView.model_fields if name != "person"
        }
        shown.append(
            EnrolmentView.model_validate({**values, "person": masked(sealer, persons[one.person_id])})
        )
    return shown
