"""What designations can tell: who is designated, whether a class may rest on it, who bars an institution."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_kept_pack, list_packs_told
from services.registry.designations.domain import HELD, REASONS, SUSPENDED, DesignationUnknown, check_covered
from services.registry.designations.models import Designation, DesignationTurn
from services.registry.designations.schemas import DesignationTurnView, DesignationView
from services.registry.organisations.duties import list_conflicts
from services.registry.organisations.queries import list_parents
from services.registry.suspensions import queries as suspensions
from services.registry.suspensions.domain import InstitutionSuspended, InstitutionSuspendedBefore
from services.registry.suspensions.models import Suspension
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def check_designated(
    session: AsyncSession, cycle_id: str, class_kind: str, institution_ids: Collection[str]
) -> None:
    """Refuse an institution without a designation in force for this kind of class.

    The designations stay locked to the end of the transaction: what rests on one cannot slip past
    its suspension, which locks classes first and designations after them, as whoever asks here does.
    """
    asked = (
        select(Designation)
        .where(Designation.cycle_id == cycle_id, Designation.institution_id.in_(institution_ids))
        .where(Designation.status.in_(HELD))
        .order_by(Designation.id)
        .with_for_update(read=True)
    )
    designations = {row.institution_id: row for row in await session.scalars(asked)}
    for institution_id in institution_ids:
        held = designations.get(institution_id)
        check_covered(institution_id, class_kind, () if held is None else held.class_kinds)
    suspended = [one for one in institution_ids if designations[one].status == SUSPENDED]
    if suspended:
        # Asked after the lock, so that what suspended them is there to be named.
        bars = await list_bars(session, cycle_id, suspended)
        raise refusal(suspended[0], bars[suspended[0]])


async def check_not_barred(session: AsyncSession, cycle_id: str, institution_id: str) -> None:
    """Refuse an institution that a suspension bars from the cycle (C39)."""
    for bar in (await list_bars(session, cycle_id, [institution_id])).values():
        raise refusal(institution_id, bar)


async def list_bars(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, Suspension]:
    """List which of these a suspension bars from the cycle, a member body with its federation (Q5)."""
    parents = await list_parents(session, institution_ids)
    named = await suspensions.list_bars(session, cycle_id, {*institution_ids, *parents.values()})
    bars = {one: named.get(one) or named.get(parents.get(one, one)) for one in institution_ids}
    return {one: bar for one, bar in bars.items() if bar is not None}


def refusal(institution_id: str, bar: Suspension) -> Exception:
    """Name what bars an institution: an evaluation, or the document of an imported decision."""
    if bar.document is not None:
        return InstitutionSuspendedBefore(institution_id, bar.id, bar.document, bar.evaluated_cycle_id)
    return InstitutionSuspended(institution_id, bar.id, bar.evaluation_id, bar.evaluated_cycle_id)


async def find_evaluations(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> dict[str, str]:
    """Find the newest evaluation of each of these; a member body is evaluated with its federation (Q5)."""
    parents = await list_parents(session, institution_ids)
    judged = await suspensions.list_judged(session, cycle_id, {*institution_ids, *parents.values()})
    newest: dict[str, str] = {}
    for one in institution_ids:
        rounds = [*judged.get(one, ()), *judged.get(parents.get(one, one), ())]
        if rounds:
            newest[one] = max(rounds, key=lambda round_: round_.number).evaluation_id
    return newest


async def list_designated(session: AsyncSession, cycle_id: str, ids: Collection[str]) -> set[str]:
    """List which of these organisations have a designation of the cycle, in force or suspended."""
    held = select(Designation.institution_id).where(
        Designation.cycle_id == cycle_id, Designation.institution_id.in_(ids), Designation.status.in_(HELD)
    )
    return set(await session.scalars(held))


async def sight(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which designations a caller sees: those held, its own applications, those that it decides."""
    if caller.kind == "bureau":
        return true()
    packs = () if caller.is_anonymous else await list_packs_told(session)
    selecting = [pack.cycle_id for pack in packs if caller.holds("designate_institutions", pack)]
    return or_(
        Designation.status.in_(HELD),
        Designation.institution_id == caller.organisation_id,
        Designation.cycle_id.in_(selecting),
    )


async def find_seen(session: AsyncSession, designation_id: str, caller: Caller) -> Designation:
    """Find a designation that the caller sees."""
    seen = await sight(session, caller)
    found = await session.scalar(select(Designation).where(Designation.id == designation_id, seen))
    if found is None:
        raise DesignationUnknown(designation_id)
    return found


async def get_designation(session: AsyncSession, designation_id: str, caller: Caller) -> DesignationView:
    return await view(session, await find_seen(session, designation_id, caller))


async def view(session: AsyncSession, row: Designation) -> DesignationView:
    return (await views(session, [row]))[0]


async def views(session: AsyncSession, rows: Sequence[Designation]) -> list[DesignationView]:
    """Show designations with what their institutions are flagged for: a statement more per cycle (Q12)."""
    held: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.status in HELD:
            held[row.cycle_id].add(row.institution_id)
    flagged: dict[str, dict[str, list[str]]] = {}
    for cycle_id, ids in held.items():
        flagged[cycle_id] = await list_conflicts(session, (await get_kept_pack(session, cycle_id)).pack, ids)
    shown = []
    for row in rows:
        codes = flagged[row.cycle_id].get(row.institution_id, []) if row.status in HELD else []
        shown.append(DesignationView.model_validate(row).model_copy(update={"conflicts": codes}))
    return shown


async def list_history(
    session: AsyncSession, paging: AskedPage, designation_id: str, caller: Caller
) -> Page[DesignationTurnView]:
    """List the states that a designation came into, the first one first, each with its reason."""
    found = await find_seen(session, designation_id, caller)
    asked = select(DesignationTurn).where(DesignationTurn.designation_id == found.id)
    return await page(session, asked, [DesignationTurn.version], paging, _turn)


def _turn(row: DesignationTurn) -> DesignationTurnView:
    zh, en = REASONS[row.reason]
    return DesignationTurnView(
        version=row.version,
        status=row.status,
        at=row.at,
        reason=row.reason,
        zh=zh,
        en=en,
        words=row.words,
        reference=row.reference,
    )


async def list_designations(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    institution_id: str | None,
) -> Page[DesignationView]:
    asked = select(Designation).where(await sight(session, caller))
    if cycle_id is not None:
        asked = asked.where(Designation.cycle_id == cycle_id)
    if institution_id is not None:
        asked = asked.where(Designation.institution_id == institution_id)
    rows = await page(session, asked, [Designation.id], paging, lambda row: row)
    return Page(items=await views(session, rows.items), next=rows.next)
