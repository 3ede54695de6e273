"""Keeping nominations: entries are stored set by set, numbered as they came, and stated.

The same person by the other channel adds its credit to the row that is there (C34).
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.audiences import trainee_audience
from services.enrollment.nominations.entries import Entry
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.states import nomination_state, state_of_row
from services.enrollment.persons.commands import Registered, add_phones, register_persons
from services.enrollment.persons.models import Key
from services.enrollment.plan import PlannedClass
from shared.among import among
from shared.database import Database
from shared.events.envelope import Event
from shared.inserting import insert_rows
from shared.outbox import record_said, say


class Kept(NamedTuple):
    """An entry that stands now, with its row: of one that was `there` before, or that was made just now."""

    entry: Entry
    row: Mapping[str, Any]
    there: Nomination | None
    credited: bool

    @property
    def made(self) -> bool:
        return self.there is None

    @property
    def nomination_id(self) -> str:
        return self.there.id if self.there else self.row["id"]

    @property
    def nomination(self) -> Nomination:
        return self.there or Nomination(**{name: one for name, one in self.row.items() if name != "turn"})


async def keep_nominations(
    session: AsyncSession,
    entries: Sequence[Entry],
    classes: Mapping[str, PlannedClass],
    known: Mapping[Key, str],
    now: datetime,
) -> list[Kept]:
    """Store what is new and credit what is there, in the order of the entries.

    `known` are the ids of the persons who are on record; `classes` are held until the transaction ends.
    """
    if not entries:
        return []
    new = {one.key: one.person for one in entries if one.person is not None}
    asked = {key: one.key for one in entries if one.person is not None for key in one.keys}
    persons = await register_persons(session, new, known, asked)
    await add_phones(session, (one.phone for one in entries if one.phone is not None))
    for one in entries:
        one.row["person_id"] = persons.ids[one.key]
    there = await _meet(session, [one.row for one in entries], persons)
    kept: list[Kept] = []
    for one in entries:
        found = there.get((one.row["class_id"], one.row["person_id"]))
        credited = found is not None and _add(found, one.row)
        kept.append(Kept(one, one.row, found, credited))
    new = [one.row for one in kept if one.made]
    # While the database takes the rows there is time for what is said of them.
    _, said = await asyncio.gather(
        insert_rows(session, Nomination.__table__, new),
        say(_states(kept, classes, now)),
    )
    await record_said(session, said)
    return kept


def _states(kept: Iterable[Kept], classes: Mapping[str, PlannedClass], now: datetime) -> Iterator[Event]:
    """State what is new or changed; who may see it depends on its class and department, which many share."""
    audiences: dict[tuple[str, str], frozenset[str]] = {}
    for one in kept:
        planned = classes[one.row["class_id"]]
        if one.there is not None:
            if one.credited:
                yield nomination_state(one.there, planned, now)
            continue
        shared = planned.state.id, one.row["department_id"]
        audience = audiences.get(shared)
        if audience is None:
            audience = audiences[shared] = trainee_audience(planned, [one.row["department_id"]])
        yield state_of_row(one.row, now, audience)


async def _meet(
    session: AsyncSession, rows: Sequence[dict[str, Any]], persons: Registered
) -> dict[tuple[str, str], Nomination]:
    """Lock and give those who were in the class already; number the others as they came."""
    class_ids = sorted({row["class_id"] for row in rows})
    for class_id in class_ids:
        # Both channels may bring the same people at the same instant.
        await Database.exclusive(session, f"nominations of {class_id}")
    there = await _lock(session, [row for row in rows if row["person_id"] not in persons.fresh])
    highest = await session.execute(
        select(Nomination.class_id, func.max(Nomination.number))
        .where(Nomination.class_id.in_(class_ids))
        .group_by(Nomination.class_id)
    )
    numbers = dict(highest.all())
    for row in rows:
        if (row["class_id"], row["person_id"]) not in there:
            row["number"] = row["turn"] = numbers[row["class_id"]] = numbers.get(row["class_id"], 0) + 1
    return there


async def _lock(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], Nomination]:
    if not rows:
        return {}
    # Asked for persons alone, the database never reads through a whole class.
    named = await session.execute(
        select(Nomination.id, Nomination.class_id).where(
            among(session, Nomination.person_id, {row["person_id"] for row in rows})
        )
    )
    class_ids = {row["class_id"] for row in rows}
    ids = sorted(one for one, class_id in named if class_id in class_ids)
    if not ids:
        return {}
    found = await session.scalars(
        select(Nomination).where(among(session, Nomination.id, ids)).order_by(Nomination.id).with_for_update()
    )
    return {(one.class_id, one.person_id): one for one in found}


def _add(nomination: Nomination, row: Mapping[str, Any]) -> bool:
    """Credit another channel, and take over a reason for a second enrolment; tell whether it changed."""
    credit = {channel: who for channel, who in row["credits"].items() if channel not in nomination.credits}
    reason = row["second_enrolment_reason"]
    if not credit and reason in {None, nomination.second_enrolment_reason}:
        return False
    nomination.credits = {**nomination.credits, **credit}
    nomination.second_enrolment_reason = reason or nomination.second_enrolment_reason
    nomination.version += 1
    return True
