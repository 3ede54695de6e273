"""Allotting seats: a whole request is checked and stored set by set; said again, an allotment is replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import DRAFT, ClassUnknown
from services.registry.classes.models import Class
from services.registry.cycles.queries import PackInForce, get_pack
from services.registry.liaison.domain import check_department
from services.registry.organisations.domain import OrganisationUnknown
from services.registry.organisations.models import Organisation
from services.registry.planning.domain import (
    AllottedTwiceHere,
    SeatsOfOtherCycle,
    SeatsOfOtherInstitution,
    place_word,
)
from services.registry.planning.models import SeatAllotment
from services.registry.planning.queries import view_allotments
from services.registry.planning.schemas import AllotSeats, SeatAllotmentView
from services.registry.planning.states import allotment_state
from shared.bulk import ItemResult, Results, refused
from shared.caller import Caller
from shared.database import upsert
from shared.ids import new_id
from shared.outbox import record
from shared.problems import fault_of

Place = tuple[str, str, str]
"""Cycle, department, and the word for institution and class."""

_PLACE = (SeatAllotment.cycle_id, SeatAllotment.department_id, SeatAllotment.place)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the items of a request speak of, as far as it exists."""

    packs: Mapping[str, PackInForce]
    absent: Mapping[str, Exception]
    organisations: Mapping[str, Organisation]
    classes: Mapping[str, Class]


async def allot_seats(
    session: AsyncSession, items: Sequence[AllotSeats], *, caller: Caller, now: datetime
) -> Results[SeatAllotmentView]:
    """Allot seats to departments; each item gets a result of its own."""
    known = await _read(session, items, caller)
    results: dict[int, ItemResult[SeatAllotmentView]] = {}
    wanted: dict[Place, int] = {}
    fresh: dict[Place, dict[str, Any]] = {}
    for index, item in enumerate(items):
        try:
            institution_id = _institution(item, known)
        except Exception as error:
            if fault_of(error) is None:
                raise
            results[index] = refused(index, error)
            continue
        row = _row(item, institution_id, known, caller, now)
        place = (item.cycle_id, item.department_id, row["place"])
        first = wanted.setdefault(place, index)
        if first == index:
            fresh[place] = row
        else:
            results[index] = refused(index, AllottedTwiceHere(first))
    rows, made = await _keep(session, fresh, now)
    views = await view_allotments(session, list(rows.values()))
    for place, index in wanted.items():
        row = rows[place]
        results[index] = ItemResult(index=index, status=201 if row.id in made else 200, value=views[row.id])
    return Results(results=[results[index] for index in range(len(items))])


async def _read(session: AsyncSession, items: Sequence[AllotSeats], caller: Caller) -> _Known:
    packs: dict[str, PackInForce] = {}
    absent: dict[str, Exception] = {}
    for cycle_id in sorted({item.cycle_id for item in items}):
        try:
            packs[cycle_id] = await get_pack(session, cycle_id)
            caller.require("approve_classes", packs[cycle_id].pack)
        except Exception as error:
            if fault_of(error) is None:
                raise
            absent[cycle_id] = error
    named = {one for item in items for one in (item.department_id, item.institution_id) if one is not None}
    organisations = await session.scalars(select(Organisation).where(Organisation.id.in_(named)))
    classes = await session.scalars(
        select(Class).where(Class.id.in_({item.class_id for item in items if item.class_id is not None}))
    )
    return _Known(
        packs, absent, {one.id: one for one in organisations}, {one.id: one for one in classes.unique()}
    )


def _institution(item: AllotSeats, known: _Known) -> str | None:
    """Check one item, and say with which institution it allots seats, if with any."""
    if item.cycle_id in known.absent:
        raise known.absent[item.cycle_id]
    for one in (item.department_id, item.institution_id):
        if one is not None and one not in known.organisations:
            raise OrganisationUnknown(one)
    check_department(item.department_id, known.organisations[item.department_id].kind)
    institution_id = item.institution_id
    if item.class_id is not None:
        held = known.classes.get(item.class_id)
        if held is None or held.status == DRAFT:
            raise ClassUnknown(item.class_id)
        if held.cycle_id != item.cycle_id:
            raise SeatsOfOtherCycle(held.id, held.cycle_id)
        institution_id = institution_id or held.lead_id
        if institution_id not in {held.lead_id, *held.institution_ids}:
            raise SeatsOfOtherInstitution(held.id, institution_id)
    return institution_id


async def _keep(
    session: AsyncSession, fresh: Mapping[Place, Mapping[str, Any]], now: datetime
) -> tuple[dict[Place, SeatAllotment], set[str]]:
    """Insert what is new and change what says otherwise; tell which were inserted."""
    if not fresh:
        return {}, set()
    table = cast("Table", SeatAllotment.__table__)
    adding = upsert(table).values([fresh[place] for place in sorted(fresh)])
    made = {row.id for row in await session.execute(adding.on_conflict_do_nothing().returning(table.c.id))}
    found = select(SeatAllotment).where(tuple_(*_PLACE).in_(list(fresh))).order_by(SeatAllotment.id)
    locked = await session.scalars(found.with_for_update())
    rows = {(row.cycle_id, row.department_id, row.place): row for row in locked}
    told = [row for row in rows.values() if row.id in made]
    for place, row in rows.items():
        if row.seats != fresh[place]["seats"]:
            for name in ("seats", "revision", "allotted_at", "allotted_by"):
                setattr(row, name, fresh[place][name])
            row.version += 1
            told.append(row)
    await session.flush()
    await record(session, *(allotment_state(row, now) for row in told))
    return rows, made


def _row(
    item: AllotSeats, institution_id: str | None, known: _Known, caller: Caller, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "cycle_id": item.cycle_id,
        "revision": known.packs[item.cycle_id].revision,
        "department_id": item.department_id,
        "institution_id": institution_id,
        "class_id": item.class_id,
        "place": place_word(institution_id, item.class_id),
        "seats": item.seats,
        "version": 1,
        "allotted_at": now,
        "allotted_by": caller.principal,
    }
