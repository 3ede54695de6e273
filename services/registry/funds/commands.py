"""What can be asked of the ledger of a class: to enter money, and to reverse an entry; nothing else.

Entries of one class are made one after another, so that a sum to which an expense is held is exact.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import APPROVED, CANCELLED, FILED, FINISHED, RETURNED, RUNNING, check_in
from services.registry.classes.models import Class
from services.registry.classes.states import lock_own
from services.registry.funds.domain import (
    Excess,
    Expended,
    FundEntryUnknown,
    Measure,
    caps_on,
    check_dated,
    check_justified,
    check_line,
    check_reversible,
    ledger_rules,
    over_cap,
    over_plan,
)
from services.registry.funds.queries import list_spent, planned_of, view_of
from services.registry.funds.schemas import Expense, FundEntryView, PostFundEntry, ReverseFundEntry
from services.registry.ledgers.domain import EXPENSE, FUNDING
from services.registry.ledgers.models import FundEntry, FundLedger
from services.registry.ledgers.queries import net
from services.registry.ledgers.states import open_ledger, restate
from shared.caller import Caller
from shared.events.envelope import aggregate, fact
from shared.events.means import FundEntryPosted, FundLedgerState
from shared.events.policy import PolicyPack
from shared.events.policy.rules import Funds
from shared.outbox import record

_KEPT_IN = frozenset({FILED, RETURNED, APPROVED, RUNNING, FINISHED, CANCELLED})
"""A draft has no money yet; a class that is over still pays, and takes back."""


async def post_entry(
    session: AsyncSession, class_id: str, asked: PostFundEntry, *, caller: Caller, now: datetime
) -> FundEntryView:
    """Enter what came in for a class or was spent for it; its lead and its filer may."""
    row, pack, rules = await _lock(session, class_id, caller)
    check_dated(asked.dated_on, now, pack.cycle.zone)
    given: dict[str, Any] = {
        "amount_fen": asked.amount_fen,
        "dated_on": asked.dated_on,
        "reference": asked.reference,
        "revision": row.revision,
        "posted_at": now,
        "posted_by": caller.organisation_id or "",
        "principal": caller.principal,
    }
    if asked.funding is not None:
        check_line(rules, asked.funding.line, asked.funding.source, row.cycle_id)
        ledger = await open_ledger(session, row.id, row.cycle_id, row.revision, row.party_ids)
        given |= {"kind": FUNDING, "item": asked.funding.line, "source": asked.funding.source, "exceeded": []}
    elif asked.expense is not None:
        ledger = await open_ledger(session, row.id, row.cycle_id, row.revision, row.party_ids)
        exceeded = await _exceeded(session, row, rules, asked.expense, asked.amount_fen)
        given |= {"kind": EXPENSE, "item": asked.expense.category, "exceeded": exceeded}
        given |= asked.expense.model_dump(exclude={"category"})
    else:
        raise ValueError("an entry is funding or an expense")
    return await _enter(session, ledger, FundEntry(ledger_id=row.id, number=ledger.entries + 1, **given), now)


async def reverse_entry(
    session: AsyncSession,
    class_id: str,
    entry_id: str,
    asked: ReverseFundEntry,
    *,
    caller: Caller,
    now: datetime,
) -> FundEntryView:
    """Take an entry back, whole and once, for a reason, by an entry of its own."""
    row, pack, _ = await _lock(session, class_id, caller)
    check_dated(asked.dated_on, now, pack.cycle.zone)
    ledger = await open_ledger(session, row.id, row.cycle_id, row.revision, row.party_ids)
    known = await session.get(FundEntry, entry_id)
    if known is None or known.ledger_id != row.id:
        raise FundEntryUnknown(entry_id)
    reversing = select(FundEntry.id).where(FundEntry.reverses_id == entry_id)
    check_reversible(
        entry_id,
        reverses=known.reverses_id is not None,
        reversed_already=await session.scalar(reversing) is not None,
    )
    entry = FundEntry(
        ledger_id=row.id,
        number=ledger.entries + 1,
        kind=known.kind,
        item=known.item,
        amount_fen=known.amount_fen,
        dated_on=asked.dated_on,
        reference=asked.reference,
        source=known.source,
        head=known.head,
        persons=known.persons,
        days=known.days,
        class_hours=known.class_hours,
        exceeded=[],
        reverses_id=known.id,
        reason=asked.reason,
        revision=row.revision,
        posted_at=now,
        posted_by=caller.organisation_id or "",
        principal=caller.principal,
    )
    return await _enter(session, ledger, entry, now)


async def _lock(session: AsyncSession, class_id: str, caller: Caller) -> tuple[Class, PolicyPack, Funds]:
    row, pack = await lock_own(session, class_id, caller, None, "lead_id", "filed_by")
    rules = ledger_rules(pack)
    check_in(class_id, row.status, _KEPT_IN, "fund-entries")
    return row, pack, rules


async def _exceeded(
    session: AsyncSession, row: Class, rules: Funds, expense: Expense, amount_fen: int
) -> list[Excess]:
    """Name what an expense goes over, which it must justify; the ledger is locked."""
    measure = Measure(expense.persons, expense.days, expense.class_hours)
    over = False
    for cap in caps_on(rules, expense.category):
        before = await list_spent(session, row.id, cap)
        over |= over_cap(cap, Expended(expense.category, amount_fen, measure, before))
    under = select(net(FundEntry.amount_fen)).where(
        FundEntry.ledger_id == row.id, FundEntry.kind == EXPENSE, FundEntry.head == expense.head
    )
    spent = int(await session.scalar(under) or 0)
    exceeded: list[Excess] = ["cap"] if over else []
    exceeded += over_plan(planned_of(row), expense.head, amount_fen, spent)
    check_justified(exceeded, expense.justification)
    return exceeded


async def _enter(session: AsyncSession, ledger: FundLedger, entry: FundEntry, now: datetime) -> FundEntryView:
    ledger.entries = entry.number
    session.add(entry)
    await restate(session, ledger, now)
    posted = FundEntryPosted(
        entry_id=entry.id,
        class_id=entry.ledger_id,
        number=entry.number,
        kind=entry.kind,
        item=entry.item,
        amount_fen=entry.amount_fen,
        dated_on=entry.dated_on,
        exceeded=tuple(entry.exceeded),
        reverses_id=entry.reverses_id,
    )
    subject = aggregate(FundLedgerState.RESOURCE, ledger.id)
    await record(
        session, fact(posted, subject=subject, at=now, cycle=ledger.cycle_id, revision=ledger.revision)
    )
    return view_of(entry)
