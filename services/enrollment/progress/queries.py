"""Progress from two aggregate queries, however many people there are; only classes with heads are read.

A person counts by the row that holds the head: the earliest approved one that is not withdrawn,
with the attributes that the nomination recorded (Q7).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import Cycle, find_classes, get_cycle, get_organisations
from services.enrollment.progress.domain import measure
from services.enrollment.progress.schemas import (
    FloorView,
    KindProgress,
    OrganisationProgress,
    ProgressView,
)
from services.enrollment.scope import Scope, scope_in_cycle
from shared.caller import Caller
from shared.copies import list_copies
from shared.events.policy import Floor
from shared.events.registry import ClassState, OrganisationState

_RECORDED: Mapping[str, ColumnElement[Any]] = {
    "industry_section": Nomination.industry_section.expression,
    "industry_division": func.substr(Nomination.industry_code, 1, 3),
    "size_class": Nomination.size_class.expression,
    "tier": Nomination.tier.expression,
    "target_group": Nomination.target_group.expression,
}
"""Attributes that the nomination recorded, by their names in a pack."""


@dataclass(slots=True)
class _Counts:
    """Persons and completed persons by some key."""

    persons: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)

    def add(self, keys: Iterable[str], persons: int, completed: int) -> None:
        for key in keys:
            self.persons[key] += persons
            self.completed[key] += completed


async def get_progress(session: AsyncSession, caller: Caller, cycle_id: str) -> ProgressView:
    """Tell how far a cycle is: all to who reads it all, to others what is theirs."""
    cycle = await get_cycle(session, cycle_id)
    scope = await scope_in_cycle(session, caller, cycle_id)
    counted = await _count_heads(session, cycle_id, scope)
    planned = await find_classes(session, {class_id for class_id, *_ in counted})
    classes = {class_id: one.state for class_id, one in planned.items()}
    departments, institutions, kinds = _Counts(), _Counts(), _Counts()
    for class_id, department_id, persons, completed in counted:
        departments.add([department_id], persons, completed)
        if course := classes.get(class_id):
            institutions.add(course.institution_ids or [course.lead_id], persons, completed)
            kinds.add([course.kind], persons, completed)
    heads = departments.persons.total()
    return ProgressView(
        cycle_id=cycle_id,
        revision=cycle.state.revision,
        heads=heads,
        completed=departments.completed.total(),
        floors=await _floors(session, cycle, classes, heads) if scope.everyone else [],
        by_department=await _by_organisation(session, departments),
        by_institution=await _by_organisation(session, institutions),
        by_class_kind=[
            KindProgress(
                code=kind.code,
                zh=kind.zh,
                en=kind.en,
                persons=kinds.persons[kind.code],
                completed=kinds.completed[kind.code],
            )
            for kind in cycle.pack.class_kinds
        ],
    )


async def _count_heads(session: AsyncSession, cycle_id: str, scope: Scope) -> list[tuple[str, str, int, int]]:
    counted = (
        select(
            Enrolment.class_id,
            Enrolment.department_id,
            func.count(),
            func.count().filter(Enrolment.status == "completed"),
        )
        .join(Head, Head.enrolment_id == Enrolment.id)
        .where(Head.cycle_id == cycle_id, scope.where(Enrolment))
        .group_by(Enrolment.class_id, Enrolment.department_id)
    )
    return [(one, home, persons, done) for one, home, persons, done in await session.execute(counted)]


async def _floors(
    session: AsyncSession, cycle: Cycle, classes: Mapping[str, ClassState], heads: int
) -> list[FloorView]:
    floors = cycle.pack.floors
    if not floors:
        return []
    ids_by_code = await _ids_by_code(session, floors)
    counts = [func.count().filter(_counted(floor, classes, ids_by_code)) for floor in floors]
    counting = (
        select(*counts)
        .select_from(Head)
        .join(Enrolment, Enrolment.id == Head.enrolment_id)
        .join(Nomination, Nomination.id == Enrolment.nomination_id)
        .where(Head.cycle_id == cycle.state.id)
    )
    counted = (await session.execute(counting)).one()
    return [_floor_view(floor, number, heads) for floor, number in zip(floors, counted, strict=True)]


def _counted(
    floor: Floor, classes: Mapping[str, ClassState], ids_by_code: Mapping[str, str]
) -> ColumnElement[bool]:
    """Say which persons a floor counts."""
    match floor.attribute:
        case None:
            return true()
        case "department":
            return Enrolment.department_id.in_(ids_by_code.get(value, value) for value in floor.values)
        case "channel":
            return or_(*(Nomination.credits[value].as_string().is_not(None) for value in floor.values))
        case "class_kind" | "arrangement" | "special_topic":
            name = "kind" if floor.attribute == "class_kind" else floor.attribute
            return Head.class_id.in_(one.id for one in classes.values() if getattr(one, name) in floor.values)
        case recorded:
            return _RECORDED[recorded].in_(floor.values)


async def _ids_by_code(session: AsyncSession, floors: Iterable[Floor]) -> dict[str, str]:
    """Read which organisation has which code, if any floor asks for departments at all."""
    if all(floor.attribute != "department" for floor in floors):
        return {}
    states = [
        OrganisationState.model_validate(one.data)
        for one in await list_copies(session, OrganisationState.RESOURCE)
    ]
    return {one.code: one.id for one in states if one.code is not None}


def _floor_view(floor: Floor, counted: int, heads: int) -> FloorView:
    reach = measure(floor, counted=counted, persons=heads)
    return FloorView(
        code=floor.code,
        zh=floor.zh,
        en=floor.en,
        min_persons=floor.min_persons,
        min_share=floor.min_share,
        numerator=reach.numerator,
        denominator=reach.denominator,
        share=reach.share,
        reached=reach.reached,
        missing=reach.missing,
    )


async def _by_organisation(session: AsyncSession, counts: _Counts) -> list[OrganisationProgress]:
    """Name the organisations, in the order of their codes and names."""
    known = await get_organisations(session, set(counts.persons))

    def place(one: str) -> tuple[str, str, str]:
        state = known.get(one)
        return ((state.code or ""), state.name_zh, one) if state else ("", "", one)

    return [
        OrganisationProgress(
            organisation_id=one,
            name_zh=known[one].name_zh if one in known else None,
            name_en=known[one].name_en if one in known else None,
            persons=counts.persons[one],
            completed=counts.completed[one],
        )
        for one in sorted(counts.persons, key=place)
    ]
