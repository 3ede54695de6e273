"""Who holds the seats of an office, dated, one after the other (C18): taking a seat, ending, reading.

A holder belongs to its office: the office's row is locked, so of two who take the last place of a seat at
the same instant one is refused, and the office's state tells of both changes in order.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_in_force
from services.registry.organisations.domain import (
    MASK,
    HolderUnknown,
    OfficeNotRegistered,
    OfficeSeatUnknown,
    check_not_ended,
    check_seat_free,
    check_term,
)
from services.registry.organisations.models import Office, OfficeHolder
from services.registry.organisations.schemas import OfficeHolderView, SeatHolder
from services.registry.organisations.states import office_state
from shared.caller import Caller
from shared.headers import check_version
from shared.outbox import record
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer

SEALED_COLUMN = "office_holders.sealed"


async def seat_holder(
    session: AsyncSession,
    office_id: str,
    asked: SeatHolder,
    *,
    caller: Caller,
    sealer: Sealer,
    now: datetime,
    if_match: int | None,
) -> OfficeHolder:
    """Let somebody take a seat that a pack in force gives the office, on days on which it has a place."""
    office = await _lock(session, office_id, caller, if_match)
    seats = await _count_seats(session, office.code, asked.seat)
    check_term(asked.starts_on, asked.ends_on)
    held = [(one.starts_on, one.ends_on) for one in await _list(session, office.id) if one.seat == asked.seat]
    check_seat_free(asked.seat, seats, (asked.starts_on, asked.ends_on), held)
    holder = OfficeHolder(
        office_id=office.id,
        seat=asked.seat,
        sealed=sealer.seal(asked.name, SEALED_COLUMN),
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
        entered_at=now,
        entered_by=caller.principal,
    )
    session.add(holder)
    await _restate(session, office, now)
    return holder


async def end_holding(
    session: AsyncSession,
    office_id: str,
    holder_id: str,
    ends_on: date,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> OfficeHolder:
    """Write the last day of a holder whose time is open."""
    office = await _lock(session, office_id, caller, if_match)
    holder = await session.get(OfficeHolder, holder_id, populate_existing=True)
    if holder is None or holder.office_id != office.id:
        raise HolderUnknown(holder_id)
    check_not_ended(holder.id, holder.ends_on)
    check_term(holder.starts_on, ends_on)
    holder.ends_on = ends_on
    await _restate(session, office, now)
    return holder


async def list_holders(
    session: AsyncSession, paging: AskedPage, office_id: str, *, caller: Caller, sealer: Sealer
) -> Page[OfficeHolderView]:
    """List all who hold or held a seat of an office, in the order in which they were entered."""
    office = await _find(session, office_id)
    names = may_name(office, caller)
    asked = select(OfficeHolder).where(OfficeHolder.office_id == office.id)
    return await page(
        session, asked, [OfficeHolder.id], paging, lambda one: view(one, sealer if names else None)
    )


def may_name(office: Office, caller: Caller) -> bool:
    """Tell whether a caller sees and changes who holds the office: the bureau, and who hosts it."""
    return caller.kind == "bureau" or caller.organisation_id == office.host_id


def view(holder: OfficeHolder, sealer: Sealer | None) -> OfficeHolderView:
    """Show a holder; without a sealer the name is masked."""
    return OfficeHolderView(
        id=holder.id,
        office_id=holder.office_id,
        seat=holder.seat,
        name=MASK if sealer is None else sealer.open(holder.sealed, SEALED_COLUMN),
        starts_on=holder.starts_on,
        ends_on=holder.ends_on,
    )


async def _find(session: AsyncSession, office_id: str) -> Office:
    office = await session.get(Office, office_id)
    if office is None:
        raise OfficeNotRegistered(office_id)
    return office


async def _lock(session: AsyncSession, office_id: str, caller: Caller, if_match: int | None) -> Office:
    known = await _find(session, office_id)
    if not may_name(known, caller):
        caller.require_organisation(known.host_id)
    office = await session.get_one(Office, known.id, with_for_update=True, populate_existing=True)
    check_version(office.version, if_match)
    return office


async def _count_seats(session: AsyncSession, code: str, seat: str) -> int:
    """Count the places of a seat; of several packs in force, the one that gives most decides."""
    packs = await list_packs_in_force(session)
    members = [
        one for pack in packs for office in pack.offices if office.code == code for one in office.members
    ]
    places = [one.seats for one in members if one.code == seat]
    if not places:
        raise OfficeSeatUnknown(code, seat)
    return max(places)


async def _list(session: AsyncSession, office_id: str) -> Sequence[OfficeHolder]:
    asked = select(OfficeHolder).where(OfficeHolder.office_id == office_id).order_by(OfficeHolder.id)
    return (await session.scalars(asked)).all()


async def _restate(session: AsyncSession, office: Office, now: datetime) -> None:
    office.version += 1
    await session.flush()
    await record(session, office_state(office, now, await _list(session, office.id)))
