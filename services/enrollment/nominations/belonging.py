"""To whom a person belongs: by the nominations, to home departments and to the parties of classes (Q11).

A person who was merged and the survivor belong to whom either of them belonged.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.domain import PersonNotFound
from services.enrollment.persons.models import Person
from services.enrollment.plan import PlannedClass, find_classes
from services.enrollment.scope import BLIND_KINDS, reads_every_trainee
from shared.caller import Caller

_SURVIVOR = func.coalesce(Person.merged_into, Person.id)


@dataclass(frozen=True, slots=True)
class Belonging:
    """The home departments of a person, and the classes for which the person was nominated."""

    departments: frozenset[str]
    classes: tuple[PlannedClass, ...]

    def is_seen_by(self, caller: Caller) -> bool:
        """Tell whether the caller is the home department or has a role in a class."""
        mine = self.departments.union(*(one.parties for one in self.classes))
        return caller.kind not in BLIND_KINDS and caller.organisation_id in mine

    def is_cared_for_by(self, caller: Caller) -> bool:
        """Tell whether the caller is the home department or runs a class."""
        mine = self.departments.union(*(one.runners for one in self.classes))
        return caller.kind not in BLIND_KINDS and caller.organisation_id in mine


async def find_belongings(session: AsyncSession, person_ids: Collection[str]) -> dict[str, Belonging]:
    """Tell it of many persons at once; who is unknown is absent."""
    asked = sorted(set(person_ids))
    rows = await session.execute(select(Person.id, _SURVIVOR).where(Person.id.in_(asked)))
    survivors: dict[str, str] = dict(rows.all())
    standing = sorted(set(survivors.values()))
    found = await session.execute(
        select(_SURVIVOR, Nomination.department_id, Nomination.class_id)
        .select_from(Person)
        .join(Nomination, Nomination.person_id == Person.id)
        .where(or_(Person.id.in_(standing), Person.merged_into.in_(standing)))
    )
    departments, class_ids = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for survivor, department_id, class_id in found:
        departments[survivor].add(department_id)
        class_ids[survivor].add(class_id)
    known = await find_classes(session, set().union(*class_ids.values()))
    belongings = {
        one: Belonging(frozenset(named), tuple(known[of] for of in sorted(class_ids[one]) if of in known))
        for one, named in departments.items()
    }
    return {one: belongings[survivor] for one, survivor in survivors.items() if survivor in belongings}


async def get_visible_person(
    session: AsyncSession, caller: Caller, person_id: str
) -> tuple[Person, Belonging]:
    """Get a person whom the caller may see, masked; unknown and unseen are the same answer."""
    person = await session.get(Person, person_id)
    belonging = (await find_belongings(session, [person_id])).get(person_id)
    if person is None or belonging is None:
        raise PersonNotFound(person_id=person_id)
    if not belonging.is_seen_by(caller) and not await reads_every_trainee(session, caller):
        raise PersonNotFound(person_id=person_id)
    return person, belonging
