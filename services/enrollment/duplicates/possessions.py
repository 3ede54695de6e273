"""What two persons have in this service, locked as every command locks it, and told again once it changed.

Classes before rosters before sessions before persons before nominations and enrolments, activities last:
nobody who nominates, approves, withdraws, confirms or registers meanwhile ever waits in a circle.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.duplicates.joining import sessions_of
from services.enrollment.enrolments.heads import lock_persons, settle_heads
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.learning.commands import recount
from services.enrollment.learning.models import Session
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.states import nomination_state
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import erasure_of
from services.enrollment.plan import PlannedClass, hold_classes
from services.enrollment.rosters.domain import OPEN
from services.enrollment.rosters.models import Roster
from shared.database import Database
from shared.events.enrollment import MovedHeads
from shared.events.envelope import Event
from shared.faults import ConcurrentChange
from shared.outbox import record


@dataclass(slots=True)
class Possessions:
    """Persons, nominations and enrolments of the people, locked; `heads` counts by class what was moved.

    `sessions` are those of the classes in which they have more than one enrolment.
    """

    classes: Mapping[str, PlannedClass]
    persons: Mapping[str, Person]
    nominations: list[Nomination]
    enrolments: list[Enrolment]
    sessions: Mapping[str, Session]
    heads: Counter[str] = field(default_factory=Counter)
    _changed: dict[str, Nomination | Enrolment] = field(default_factory=dict)

    def nominations_of(self, person_id: str) -> dict[str, Nomination]:
        """Give the nominations that stand for a person, by class."""
        return {
            one.class_id: one
            for one in self.nominations
            if one.person_id == person_id and one.status != "merged"
        }

    def enrolments_of(self, person_id: str) -> list[Enrolment]:
        return [one for one in self.enrolments if one.person_id == person_id]

    def change(self, one: Nomination | Enrolment, **values: Any) -> None:
        """Write values into a row, which is then told with its next version."""
        for name, value in values.items():
            setattr(one, name, value)
        self._changed[one.id] = one

    async def settle(
        self,
        session: AsyncSession,
        cycle_ids: Iterable[str],
        holders: Collection[str],
        preferred: Collection[str],
    ) -> None:
        """Settle the heads of these cycles anew, once rows went from one person to another (Q7)."""
        await session.flush()
        for cycle_id in sorted(set(cycle_ids)):
            known = [one for one in self.enrolments if one.cycle_id == cycle_id]
            for one in await settle_heads(session, holders, known, preferred):
                self.heads[one.class_id] += 1 if one.head else -1
                self._changed[one.id] = one

    def moved_heads(self) -> list[MovedHeads]:
        return [MovedHeads(class_id=one, change=by) for one, by in sorted(self.heads.items()) if by]

    async def recount_sessions(
        self, session: AsyncSession, learning: Iterable[Mapping[str, Any]], at: datetime
    ) -> None:
        """Count again who was in the sessions that were attended under an enrolment that ended."""
        for one in sorted(set[str]().union(*(sessions_of(joined) for joined in learning))):
            row = self.sessions[one]
            await recount(session, row, self.classes[row.class_id], at)

    async def tell(self, session: AsyncSession, at: datetime) -> None:
        """State every row that changed, each once, with its next version."""
        for one in self._changed.values():
            one.version += 1
        await session.flush()
        await record(session, *(self._state(one, at) for one in self._changed.values()))

    def _state(self, one: Nomination | Enrolment, at: datetime) -> Event:
        planned = self.classes[one.class_id]
        if isinstance(one, Nomination):
            return nomination_state(one, planned, at)
        return enrolment_state(one, planned, at)


async def lock_possessions(session: AsyncSession, person_ids: Collection[str]) -> Possessions:
    """Lock all that these people have; refused when it became more while it was waited for."""
    people = sorted(person_ids)
    named = await _classes_of(session, people)
    classes = await hold_classes(session, named)
    for class_id in sorted(named):
        await Database.exclusive(session, f"rosters of {class_id}")
    rosters = select(Roster.id).where(Roster.class_id.in_(sorted(named)), Roster.status.in_(OPEN))
    await session.execute(rosters.order_by(Roster.id).with_for_update())
    fresh = {"populate_existing": True}
    shared = await _classes_of_both(session, people)
    sessions = select(Session).where(Session.class_id.in_(sorted(shared))).order_by(Session.id)
    taught = list(await session.scalars(sessions.with_for_update().execution_options(**fresh)))
    await lock_persons(session, select(Person.id).where(Person.id.in_(people)))
    if await _classes_of(session, people) - named or await _classes_of_both(session, people) - shared:
        raise ConcurrentChange
    persons = select(Person).where(Person.id.in_(people)).execution_options(**fresh)
    nominations = select(Nomination).where(Nomination.person_id.in_(people)).order_by(Nomination.id)
    enrolments = select(Enrolment).where(Enrolment.person_id.in_(people)).order_by(Enrolment.id)
    return Possessions(
        classes,
        {one.id: one for one in await session.scalars(persons)},
        list(await session.scalars(nominations.with_for_update().execution_options(**fresh))),
        list(await session.scalars(enrolments.with_for_update().execution_options(**fresh))),
        {one.id: one for one in taught},
    )


def check_not_erased(persons: Mapping[str, Person]) -> None:
    """Refuse to decide who is whom about people of whom nobody knows any more who they were."""
    for person_id in sorted(persons):
        if persons[person_id].erased_at is not None:
            raise erasure_of(persons[person_id])


async def _classes_of_both(session: AsyncSession, people: Collection[str]) -> set[str]:
    """Name the classes in which these people have more than one enrolment."""
    enrolled = select(Enrolment.class_id).where(Enrolment.person_id.in_(people))
    return set(await session.scalars(enrolled.group_by(Enrolment.class_id).having(func.count() > 1)))


async def _classes_of(session: AsyncSession, people: Collection[str]) -> set[str]:
    nominated = select(Nomination.class_id).where(Nomination.person_id.in_(people))
    enrolled = select(Enrolment.class_id).where(Enrolment.person_id.in_(people))
    return set(await session.scalars(union(nominated, enrolled)))
