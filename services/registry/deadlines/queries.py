"""What the ledger can tell: to everybody its deadlines, to commands of this service when one closes."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.deadlines.domain import DeadlineUnknown, due_notes
from services.registry.deadlines.models import (
    Deadline,
    DeadlineExtension,
    DeadlineNote,
    ExtendedOrganisation,
)
from services.registry.deadlines.schemas import DeadlineView
from shared.events.registry import DeadlineState, Noted, PutOff
from shared.paging import AskedPage, Page, page


async def list_named(session: AsyncSession, extension_ids: Collection[str]) -> dict[str, list[str]]:
    """List whom these extensions name, in order; who holds for everybody names nobody."""
    asked = select(ExtendedOrganisation).where(ExtendedOrganisation.extension_id.in_(extension_ids))
    named: dict[str, list[str]] = defaultdict(list)
    for row in await session.scalars(asked.order_by(ExtendedOrganisation.organisation_id)):
        named[row.extension_id].append(row.organisation_id)
    return named


async def tell(session: AsyncSession, rows: Collection[Deadline]) -> dict[str, DeadlineState]:
    """Say of these deadlines what everybody may know, by their ids."""
    asked = select(DeadlineExtension).where(DeadlineExtension.deadline_id.in_([row.id for row in rows]))
    given = (await session.scalars(asked.order_by(DeadlineExtension.number))).all()
    named = await list_named(session, [one.id for one in given])
    put_off: dict[str, list[PutOff]] = defaultdict(list)
    for one in given:
        put_off[one.deadline_id].append(PutOff(closes_at=one.closes_at, organisation_ids=named[one.id]))
    noted = await _list_noted(session, [row.id for row in rows])
    return {row.id: _tell(row, put_off[row.id], noted[row.id]) for row in rows}


async def _list_noted(session: AsyncSession, deadline_ids: Collection[str]) -> dict[str, list[Noted]]:
    asked = select(DeadlineNote).where(DeadlineNote.deadline_id.in_(deadline_ids))
    noted: dict[str, list[Noted]] = defaultdict(list)
    for row in await session.scalars(asked.order_by(DeadlineNote.closes_at, DeadlineNote.days.desc())):
        noted[row.deadline_id].append(Noted(closes_at=row.closes_at, days=row.days, noted_at=row.noted_at))
    return noted


async def find_closing(
    session: AsyncSession, cycle_id: str, code: str, organisation_ids: Collection[str]
) -> datetime | None:
    """Find the first instant at which all of these organisations are too late; None without a deadline."""
    told = await find_told(session, cycle_id, code)
    return None if told is None else told.closes_for(organisation_ids)


async def find_told(session: AsyncSession, cycle_id: str, code: str) -> DeadlineState | None:
    """Find what everybody may know of a deadline, by the code that the pack gives it."""
    row = await session.get(Deadline, DeadlineState.id_of(cycle_id, code))
    return None if row is None else (await tell(session, [row]))[row.id]


async def list_due(
    session: AsyncSession, rows: Collection[Deadline], notice_days: Collection[int], now: datetime
) -> list[DeadlineNote]:
    """List what is to be noted of these deadlines now, and is not yet."""
    due = []
    for told in (await tell(session, rows)).values():
        noted = {(one.closes_at, one.days) for one in told.noted}
        for closes_at, days in due_notes(told.closings(), noted, notice_days, now):
            due.append(DeadlineNote(deadline_id=told.id, closes_at=closes_at, days=days, noted_at=now))
    return due


async def get_deadline(session: AsyncSession, deadline_id: str) -> DeadlineView:
    row = await session.get(Deadline, deadline_id)
    if row is None:
        raise DeadlineUnknown(deadline_id)
    return _view(row, (await tell(session, [row]))[row.id])


async def list_deadlines(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None
) -> Page[DeadlineView]:
    asked = select(Deadline)
    if cycle_id is not None:
        asked = asked.where(Deadline.cycle_id == cycle_id)
    rows = await page(session, asked, [Deadline.id], paging, lambda row: row)
    told = await tell(session, rows.items)
    return Page(items=[_view(row, told[row.id]) for row in rows.items], next=rows.next)


def _tell(row: Deadline, put_off: list[PutOff], noted: list[Noted]) -> DeadlineState:
    for_all = [one.closes_at for one in put_off if not one.organisation_ids]
    told = DeadlineState(
        id=row.id,
        cycle_id=row.cycle_id,
        code=row.code,
        zh=row.zh,
        en=row.en,
        until=row.until,
        zone=row.zone,
        planned_at=row.planned_at,
        closes_at=max([row.planned_at, *for_all]),
        withdrawn=row.withdrawn,
        extensions=tuple(put_off),
    )
    closings = told.closings()
    return told.model_copy(update={"noted": tuple(one for one in noted if one.closes_at in closings)})


def _view(row: Deadline, told: DeadlineState) -> DeadlineView:
    said = told.model_dump()
    return DeadlineView(**said, clause=row.clause, extended=bool(told.extensions), version=row.version)
