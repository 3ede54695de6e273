"""The statement of a class: what came in, what was spent, against plan and caps, also as a sheet (C33)."""

from collections.abc import Iterator

import structlog
from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.registry.classes.models import Class
from services.registry.funds.domain import COSTS, LINES, yuan
from services.registry.funds.queries import get_readable, list_spent, planned_of
from services.registry.funds.schemas import (
    CapView,
    CostSum,
    FundStatementView,
    HeadSum,
    JointCapView,
    LineSum,
    LocalSupportView,
)
from services.registry.ledgers.domain import EXPENSE, FUNDING, sums_of
from services.registry.ledgers.models import FundEntry
from services.registry.ledgers.queries import list_sums, net
from shared.caller import Caller
from shared.events.policy.phrases import Phrases
from shared.events.policy.rules import FeeCap, Funds
from shared.workbook import Column, Sheet

_log = structlog.get_logger("funds")

_COLUMNS = (
    Column("类别", 14),
    Column("项目", 28),
    Column("计划（元）", 16),
    Column("发生额（元）", 16),
    Column("结余（元）", 16),
    Column("人天", 10),
    Column("人均每天（元）", 16),
    Column("标准", 34),
    Column("说明", 26),
)


async def get_statement(session: AsyncSession, class_id: str, caller: Caller) -> FundStatementView:
    row, _, rules = await get_readable(session, class_id, caller)
    return await _state(session, row, rules)


async def get_sheet(session: AsyncSession, class_id: str, caller: Caller) -> Sheet:
    """Write the statement as a sheet, and log who took it out."""
    row, pack, rules = await get_readable(session, class_id, caller)
    told = await _state(session, row, rules)
    phrases = Phrases(pack)
    caps = {cap.code: phrases.facts(cap).zh for cap in rules.caps}
    _log.info("fund statement exported", class_id=class_id, organisation_id=caller.organisation_id)
    return Sheet("班级经费收支表", _COLUMNS, list(_rows(told, caps)))


async def _state(session: AsyncSession, row: Class, rules: Funds) -> FundStatementView:
    sums = (await list_sums(session, [row.id]))[row.id]
    funded, planned = sums_of(FUNDING, sums), planned_of(row)
    here = select(FundEntry).where(FundEntry.ledger_id == row.id, FundEntry.kind == EXPENSE)
    under = {
        head: int(fen)
        for head, fen in await session.execute(
            here.with_only_columns(FundEntry.head, net(FundEntry.amount_fen)).group_by(FundEntry.head)
        )
    }
    costs = await _costs(session, row.id, rules)
    joint = [await _joint(session, row.id, cap) for cap in rules.caps if cap.covers]
    local = funded.get("local_support", 0)
    unplanned = sum(fen for head, fen in under.items() if head not in planned)
    return FundStatementView(
        class_id=row.id,
        cycle_id=row.cycle_id,
        entries=await session.scalar(select(func.count()).where(FundEntry.ledger_id == row.id)) or 0,
        funding=[
            LineSum(line=line, zh=LINES[line][0], en=LINES[line][1], fen=fen) for line, fen in funded.items()
        ],
        costs=costs,
        joint_caps=joint,
        heads=[
            HeadSum(
                head=head, planned_fen=fen, spent_fen=under.get(head, 0), left_fen=fen - under.get(head, 0)
            )
            for head, fen in planned.items()
        ],
        planned_fen=sum(planned.values()),
        unplanned_fen=unplanned,
        funded_fen=sum(funded.values()),
        spent_fen=sum(cost.fen for cost in costs),
        balance_fen=sum(funded.values()) - sum(cost.fen for cost in costs),
        local_support=LocalSupportView(
            level=rules.local_support.level,
            fen=local,
            missing=rules.local_support.level == "required" and local <= 0,
        ),
    )


async def _costs(session: AsyncSession, ledger_id: str, rules: Funds) -> list[CostSum]:
    """Sum the expenses by kind, with the persons and days of those that tell them."""
    days = FundEntry.persons * FundEntry.days
    measured = case((days.is_not(None), FundEntry.amount_fen), else_=0)
    asked = (
        select(FundEntry.item, net(FundEntry.amount_fen), net(func.coalesce(days, 0)), net(measured))
        .where(FundEntry.ledger_id == ledger_id, FundEntry.kind == EXPENSE)
        .group_by(FundEntry.item)
        .order_by(FundEntry.item)
    )
    over = await _over_cap(session, ledger_id)
    caps = {cap.code: cap for cap in rules.caps if not cap.covers}
    found: list[CostSum] = []
    for item, fen, person_days, measured_fen in await session.execute(asked):
        cap = caps.get(item)
        zh, en = (cap.zh, cap.en) if cap else COSTS.get(item, (item, item))
        found.append(
            CostSum(
                category=item,
                zh=zh,
                en=en,
                fen=int(fen),
                person_days=int(person_days),
                fen_per_person_day=_share(int(measured_fen), int(person_days)),
                cap=cap and CapView.model_validate(cap),
                over_cap=item in over,
            )
        )
    return found


async def _joint(session: AsyncSession, ledger_id: str, cap: FeeCap) -> JointCapView:
    """Hold what was spent of all kinds that a cap covers against what it allows."""
    spent = await list_spent(session, ledger_id, cap)
    fen = sum(one.fen for one in spent.values())
    units = 1 if cap.per == "class" else max((one.units for one in spent.values()), default=0)
    limit_fen = cap.max_fen * units
    told = {"units": units, "fen": fen, "limit_fen": limit_fen, "over_cap": fen > limit_fen}
    plain = {name: getattr(cap, name) for name in ("code", "zh", "en", "per", "max_fen", "breach")}
    return JointCapView(covers=list(cap.covers), **plain, **told)


async def _over_cap(session: AsyncSession, ledger_id: str) -> set[str]:
    """Name the kinds of cost of which an expense that was not reversed went over its cap."""
    reversal = aliased(FundEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == FundEntry.id).exists()
    # What goes over anything has a justification, so few rows are looked at.
    asked = select(FundEntry.item, FundEntry.exceeded).where(
        FundEntry.ledger_id == ledger_id, FundEntry.justification.is_not(None), ~taken_back
    )
    return {row.item for row in await session.execute(asked) if "cap" in row.exceeded}


def _share(fen: int, units: int) -> int | None:
    """Divide, rounding half up."""
    return (2 * fen + units) // (2 * units) if units > 0 else None


def _rows(told: FundStatementView, caps: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for line in told.funding:
        yield "收入", line.zh, "", yuan(line.fen)
    yield "收入", "合计", "", yuan(told.funded_fen)
    for cost in told.costs:
        average = "" if cost.fen_per_person_day is None else yuan(cost.fen_per_person_day)
        days = str(cost.person_days) if cost.person_days else ""
        note = "有支出超标准，已说明理由" if cost.over_cap else ""
        yield "支出", cost.zh, "", yuan(cost.fen), "", days, average, caps.get(cost.category, ""), note
    yield "支出", "合计", "", yuan(told.spent_fen)
    for cap in told.joint_caps:
        left, note = yuan(cap.limit_fen - cap.fen), "超标准" if cap.over_cap else ""
        yield "标准", cap.zh, yuan(cap.limit_fen), yuan(cap.fen), left, "", "", caps[cap.code], note
    for head in told.heads:
        note = "超计划" if head.left_fen < 0 else ""
        yield (
            "计划",
            head.head,
            yuan(head.planned_fen),
            yuan(head.spent_fen),
            yuan(head.left_fen),
            "",
            "",
            "",
            note,
        )
    if told.heads:
        yield "计划", "计划外", "", yuan(told.unplanned_fen)
        yield "计划", "合计", yuan(told.planned_fen), yuan(told.spent_fen)
    missing = "政策包要求地方财政资金支持，尚未到账" if told.local_support.missing else ""
    yield "结余", "收入减支出", "", "", yuan(told.balance_fen), "", "", "", missing
