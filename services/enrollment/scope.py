"""Who sees which trainee (Q11): the home department its own, who runs a class that class.

Departments are compared by id, never by code prefix: 宁波 (3302) is not inside 浙江 (33).
The operator and the evaluator see nobody; who tracks or reviews, and the bureau, see all.
"""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Select, false, or_, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.parties import classes_of
from services.enrollment.plan import PlannedClass, get_cycle, list_cycles
from shared.caller import Caller
from shared.events.policy import PolicyPack

READING_ACTS = ("review_rosters", "track", "confirm_completion")
BLIND_KINDS = frozenset({"anonymous", "operator", "evaluator"})


class Placed(Protocol):
    """A row, or a table of rows, about one trainee in one class."""

    department_id: InstrumentedAttribute[str]
    class_id: InstrumentedAttribute[str]


class PerhapsPlaced(Protocol):
    """A table of rows about one trainee each, of whom some never were in a class here."""

    department_id: InstrumentedAttribute[str]
    class_id: InstrumentedAttribute[str | None]


@dataclass(frozen=True, slots=True)
class Scope:
    """The trainees that a caller sees: all, a department's, those of one class or of the classes selected."""

    everyone: bool = False
    department_id: str | None = None
    class_id: str | None = None
    classes: Select[str] | None = None

    def covers(self, *, department_id: str, class_id: str) -> bool:
        """Tell whether a trainee of the class that the scope was asked for is seen."""
        return self.covers_class(class_id) or department_id == self.department_id

    def covers_class(self, class_id: str) -> bool:
        """Tell whether every trainee of the class that the scope was asked for is seen."""
        return self.everyone or class_id == self.class_id

    def where(self, table: type[Placed] | type[PerhapsPlaced]) -> ColumnElement[bool]:
        if self.everyone:
            return true()
        seen: list[ColumnElement[bool]] = []
        if self.department_id is not None:
            seen.append(table.department_id == self.department_id)
        if self.class_id is not None:
            seen.append(table.class_id == self.class_id)
        if self.classes is not None:
            seen.append(table.class_id.in_(self.classes))
        return or_(*seen) if seen else false()


def _beyond_classes(caller: Caller, *packs: PolicyPack) -> Scope:
    if caller.kind == "bureau" or any(caller.holds(act, pack) for pack in packs for act in READING_ACTS):
        return Scope(everyone=True)
    return Scope(department_id=caller.organisation_id if caller.kind == "department" else None)


def scope_in_class(caller: Caller, planned: PlannedClass, judged: PlannedClass | None = None) -> Scope:
    """Tell what the caller sees of one class; `judged` has the revision that judges what is looked at.

    Who has to decide on it by that revision sees it, whoever holds the act by now.
    """
    if caller.kind in BLIND_KINDS:
        return Scope()
    packs = {one.cycle.revision: one.pack for one in (planned, judged) if one is not None}
    wide = _beyond_classes(caller, *packs.values())
    mine = caller.organisation_id in planned.parties
    return Scope(
        everyone=wide.everyone,
        department_id=wide.department_id,
        class_id=planned.state.id if mine else None,
    )


async def scope_in_cycle(session: AsyncSession, caller: Caller, cycle_id: str) -> Scope:
    """Tell what the caller sees of all classes of a cycle."""
    if caller.kind in BLIND_KINDS:
        return Scope()
    wide = _beyond_classes(caller, (await get_cycle(session, cycle_id)).pack)
    if wide.everyone or caller.organisation_id is None:
        return wide
    return Scope(department_id=wide.department_id, classes=classes_of(caller.organisation_id, cycle_id))


async def reads_every_trainee(session: AsyncSession, caller: Caller) -> bool:
    """Tell whether any cycle lets the caller review or track; persons and enterprises belong to no cycle."""
    if caller.kind in BLIND_KINDS:
        return False
    return caller.kind == "bureau" or await holds_in_some_cycle(session, caller, *READING_ACTS)


async def holds_in_some_cycle(session: AsyncSession, caller: Caller, *acts: str) -> bool:
    """Tell whether a cycle gives the caller one of these acts; a pack that is only drafted gives none."""
    packs = [cycle.pack for cycle in await list_cycles(session) if cycle.state.status != "draft"]
    return any(caller.holds(act, pack) for pack in packs for act in acts)
