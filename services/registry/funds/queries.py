"""What ledgers can tell to the parties of a class, the bureau and whoever tracks: entries and sums (C33)."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import ColumnElement, SQLColumnExpression, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import DRAFT, EDITABLE, ClassOfOthers, ClassUnknown
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.cycles.queries import get_kept_pack, list_packs_told
from services.registry.funds.domain import Spent, ledger_rules, measured_by
from services.registry.funds.schemas import FundEntryView, FundSummaryView, LedgerView
from services.registry.ledgers.domain import EXPENSE, FUNDING, Sum, sums_of
from services.registry.ledgers.models import FundEntry, FundLedger
from services.registry.ledgers.queries import list_sums, net
from shared.caller import Caller
from shared.events.policy import PolicyPack
from shared.events.policy.rules import FeeCap, Funds
from shared.paging import AskedPage, Page, page


async def get_readable(
    session: AsyncSession, class_id: str, caller: Caller
) -> tuple[Class, PolicyPack, Funds]:
    """Get a class whose money the caller may read, with the rules that judge it."""
    row = await session.scalar(select(Class).where(Class.id == class_id))
    if row is None:
        raise ClassUnknown(class_id)
    reads = caller.kind == "bureau" or caller.organisation_id in row.party_ids
    if not reads and row.cycle_id not in await _tracked(session, caller):
        raise ClassUnknown(class_id) if row.status == DRAFT else ClassOfOthers(class_id)
    revision = None if row.status in EDITABLE else row.revision
    pack = (await get_kept_pack(session, row.cycle_id, revision)).pack
    return row, pack, ledger_rules(pack)


async def list_entries(
    session: AsyncSession, paging: AskedPage, class_id: str, caller: Caller
) -> Page[FundEntryView]:
    """List the entries of a class, the first one first."""
    await get_readable(session, class_id, caller)
    asked = select(FundEntry).where(FundEntry.ledger_id == class_id)
    rows = await page(session, asked, [FundEntry.number], paging, lambda row: row)
    reversing = select(FundEntry.reverses_id, FundEntry.id).where(
        FundEntry.reverses_id.in_([row.id for row in rows.items])
    )
    taken_back = {row.reverses_id: row.id for row in await session.execute(reversing)}
    return Page(items=[view_of(row, taken_back.get(row.id)) for row in rows.items], next=rows.next)


async def list_ledgers(
    session: AsyncSession, paging: AskedPage, caller: Caller, *, cycle_id: str | None
) -> Page[LedgerView]:
    """List what the ledgers that the caller may read come to."""
    asked = select(FundLedger).join(Class, Class.id == FundLedger.id).where(await _seen(session, caller))
    if cycle_id is not None:
        asked = asked.where(FundLedger.cycle_id == cycle_id)
    rows = await page(session, asked, [FundLedger.id], paging, lambda row: row)
    sums = await list_sums(session, [row.id for row in rows.items])
    return Page(items=[_ledger(row, sums[row.id]) for row in rows.items], next=rows.next)


async def sum_cycle(session: AsyncSession, cycle_id: str, caller: Caller) -> FundSummaryView:
    """Sum all ledgers of a cycle, for the bureau and whoever tracks (C30)."""
    pack = (await get_kept_pack(session, cycle_id)).pack
    if caller.kind != "bureau":
        caller.require("track", pack)
    ledger_rules(pack)
    here = FundLedger.cycle_id == cycle_id
    grouped = select(FundEntry.kind, FundEntry.item, net(FundEntry.amount_fen)).join(
        FundLedger, FundLedger.id == FundEntry.ledger_id
    )
    found = await session.execute(grouped.where(here).group_by(FundEntry.kind, FundEntry.item))
    sums: list[Sum] = sorted((kind, item, int(fen)) for kind, item, fen in found)
    supported = (
        select(FundEntry.ledger_id)
        .join(FundLedger, FundLedger.id == FundEntry.ledger_id)
        .where(here, FundEntry.kind == FUNDING, FundEntry.item == "local_support")
        .group_by(FundEntry.ledger_id)
        .having(net(FundEntry.amount_fen) > 0)
    )
    return FundSummaryView(
        cycle_id=cycle_id,
        classes=await session.scalar(select(func.count()).select_from(FundLedger).where(here)) or 0,
        funded_fen=sums_of(FUNDING, sums),
        spent_fen=sums_of(EXPENSE, sums),
        supported_classes=await session.scalar(select(func.count()).select_from(supported.subquery())) or 0,
    )


async def list_spent(session: AsyncSession, ledger_id: str, cap: FeeCap) -> dict[str, Spent]:
    """List what was spent of each kind of cost that a cap limits, and by how many of its units."""
    units: SQLColumnExpression[int] = literal(1)
    for quantity in measured_by(cap):
        units = units * getattr(FundEntry, quantity)
    asked = (
        select(FundEntry.item, net(FundEntry.amount_fen), net(func.coalesce(units, 0)))
        .where(FundEntry.ledger_id == ledger_id, FundEntry.kind == EXPENSE, FundEntry.item.in_(cap.kinds))
        .group_by(FundEntry.item)
    )
    return {item: Spent(int(fen), int(units)) for item, fen, units in await session.execute(asked)}


def planned_of(row: Class) -> Counter[str]:
    """Sum the budget of the plan of a class by its heads."""
    planned: Counter[str] = Counter()
    for head in row.plan.budget_heads if row.plan else ():
        planned[head["head"]] += head["planned_fen"]
    return planned


def view_of(entry: FundEntry, reversed_by_id: str | None = None) -> FundEntryView:
    told = {"class_id": entry.ledger_id, "reversed_by_id": reversed_by_id}
    plain = {name: getattr(entry, name) for name in FundEntryView.model_fields if name not in told}
    return FundEntryView.model_validate({**plain, **told})


def _ledger(row: FundLedger, sums: Collection[Sum]) -> LedgerView:
    funded, spent = sums_of(FUNDING, sums), sums_of(EXPENSE, sums)
    return LedgerView(
        id=row.id,
        cycle_id=row.cycle_id,
        entries=row.entries,
        funded_fen=funded,
        spent_fen=spent,
        balance_fen=sum(funded.values()) - sum(spent.values()),
        version=row.version,
    )


async def _tracked(session: AsyncSession, caller: Caller) -> list[str]:
    packs = await list_packs_told(session)
    return [pack.cycle_id for pack in packs if caller.holds("track", pack)]


async def _seen(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say of which classes the caller may read the money."""
    if caller.kind == "bureau":
        return true()
    own = caller.organisation_id
    return or_(
        Class.filed_by == own,
        Class.lead_id == own,
        Class.organisers.any(ClassOrganiser.organisation_id == own),
        Class.cycle_id.in_(await _tracked(session, caller)),
    )
