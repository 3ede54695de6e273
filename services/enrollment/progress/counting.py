"""Counting trainees and what the floors count of them, by whatever they are grouped by.

A person counts by the row that holds the head: the earliest approved one that is not withdrawn,
with the attributes that the nomination recorded (Q7).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.nominations.models import Nomination
from shared.copies import list_copies
from shared.events.policy import Floor
from shared.events.registry import ClassState, OrganisationState

K = TypeVar("K", bound=Hashable)

RECORDED: Mapping[str, ColumnElement[Any]] = {
    "industry_section": Nomination.industry_section.expression,
    "industry_division": func.substr(Nomination.industry_code, 1, 3),
    "size_class": Nomination.size_class.expression,
    "tier": Nomination.tier.expression,
    "target_group": Nomination.target_group.expression,
}
"""Attributes that the nomination recorded, by their names in a pack."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Persons, those of them who completed, and those whom each floor counts, by its code."""

    persons: int = 0
    completed: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        codes = self.counted.keys() | other.counted.keys()
        counted = {one: self.counted.get(one, 0) + other.counted.get(one, 0) for one in codes}
        return Tally(self.persons + other.persons, self.completed + other.completed, counted)

    def __neg__(self) -> "Tally":
        return Tally(-self.persons, -self.completed, {one: -number for one, number in self.counted.items()})


def gather(tallies: Iterable[tuple[Iterable[K], Tally]]) -> dict[K, Tally]:
    """Add up by key; one tally may belong to several."""
    found: defaultdict[K, Tally] = defaultdict(Tally)
    for keys, one in tallies:
        for key in keys:
            found[key] += one
    return dict(found)


def holds_head(cycle_id: str) -> ColumnElement[bool]:
    return Enrolment.id.in_(select(Head.enrolment_id).where(Head.cycle_id == cycle_id))


async def tally(
    session: AsyncSession,
    by: Sequence[InstrumentedAttribute[Any]],
    floors: Mapping[str, ColumnElement[bool]],
    *which: ColumnElement[bool],
) -> list[tuple[tuple[Any, ...], Tally]]:
    """Count the enrolments that fulfil all of `which`, by groups."""
    counting = (
        select(
            *by,
            func.count(),
            func.count().filter(Enrolment.status == "completed"),
            *(func.count().filter(floor) for floor in floors.values()),
        )
        .select_from(Enrolment)
        .join(Nomination, Nomination.id == Enrolment.nomination_id)
        .where(*which)
        .group_by(*by)
    )
    width = len(by)
    return [
        (
            tuple(row[:width]),
            Tally(row[width], row[width + 1], dict(zip(floors, row[width + 2 :], strict=True))),
        )
        for row in (await session.execute(counting)).all()
    ]


async def floor_conditions(
    session: AsyncSession, floors: Sequence[Floor], classes: Mapping[str, ClassState]
) -> dict[str, ColumnElement[bool]]:
    """Say of each floor whom it counts; `classes` are those whose trainees are counted."""
    ids_by_code = await _ids_by_code(session, floors)
    return {floor.code: _counted(floor, classes, ids_by_code) for floor in floors}


def _counted(
    floor: Floor, classes: Mapping[str, ClassState], ids_by_code: Mapping[str, str]
) -> ColumnElement[bool]:
    match floor.attribute:
        case None:
            return true()
        case "department":
            return Enrolment.department_id.in_(ids_by_code.get(value, value) for value in floor.values)
        case "channel":
            return or_(*(Nomination.credits[value].as_string().is_not(None) for value in floor.values))
        case "class_kind" | "arrangement" | "special_topic":
            name = "kind" if floor.attribute == "class_kind" else floor.attribute
            wanted = [one.id for one in classes.values() if getattr(one, name) in floor.values]
            return Enrolment.class_id.in_(wanted)
        case recorded:
            return RECORDED[recorded].in_(floor.values)


async def _ids_by_code(session: AsyncSession, floors: Iterable[Floor]) -> dict[str, str]:
    """Read which organisation has which code, if any floor asks for departments at all."""
    if all(floor.attribute != "department" for floor in floors):
        return {}
    states = [
        OrganisationState.model_validate(one.data)
        for one in await list_copies(session, OrganisationState.RESOURCE)
    ]
    return {one.code: one.id for one in states if one.code is not None}
