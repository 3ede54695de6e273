"""The annual report of a cycle as sheets: the floors with their clauses, and all heads, grouped."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.plan import get_cycle
from services.enrollment.progress.queries import get_progress
from services.enrollment.progress.schemas import Counted, FloorView, ProgressView
from services.enrollment.progress.whatif import TRACK
from shared.caller import Caller
from shared.events.policy import Floor, PolicyPack
from shared.workbook import Column, Sheet

DEPARTMENT = "department"
_log = structlog.get_logger("progress")

_FLOORS = (
    Column("指标", 36),
    Column("条款", 12),
    Column("要求人数", 12),
    Column("要求占比", 12),
    Column("实际人数", 12),
    Column("分母", 12),
    Column("占比", 12),
    Column("是否达到", 12),
    Column("还差人数", 12),
)
_PERSONS = (Column("人数", 10), Column("结业", 10))
_NAME = 36


async def get_report(session: AsyncSession, caller: Caller, cycle_id: str, now: datetime) -> list[Sheet]:
    """Write the report of all to the bureau and who tracks, to a department that of what it sees."""
    cycle = await get_cycle(session, cycle_id)
    if caller.kind not in {"bureau", DEPARTMENT}:
        caller.require(TRACK, cycle.pack)
    shown = await get_progress(session, caller, cycle_id)
    _log.info(
        "annual report exported", cycle_id=cycle_id, organisation_id=caller.organisation_id, heads=shown.heads
    )
    above = tuple(_above(cycle.pack, shown, now))
    return list(_sheets(cycle.pack, shown, above))


def _sheets(pack: PolicyPack, shown: ProgressView, above: Sequence[str]) -> Iterator[Sheet]:
    """Write a sheet of each count; what the pack does not have, and floors not seen whole, are left out."""
    if shown.floors:
        yield Sheet("指标", _FLOORS, [_floor(one) for one in shown.floors], above)
    counted = tuple(Column(floor.zh, 18) for floor in pack.floors)
    for name, bodies in (("主管部门", shown.by_department), ("承担机构", shown.by_institution)):
        rows = [(one.name_zh or one.organisation_id, *_persons(one, pack.floors)) for one in bodies]
        yield Sheet(name, (Column(name, _NAME), *_PERSONS, *counted), rows, above)
    for name, terms in (
        ("班次类别", shown.by_class_kind),
        ("组织方式", shown.by_arrangement),
        ("企业梯度", shown.by_tier),
        ("学员类别", shown.by_target_group),
    ):
        if terms:
            shares = [(one.zh, _text(one.share), *_persons(one, pack.floors)) for one in terms]
            yield Sheet(name, (Column(name, _NAME), Column("占比", 10), *_PERSONS, *counted), shares, above)


def _above(pack: PolicyPack, shown: ProgressView, now: datetime) -> Iterator[str]:
    yield f"{pack.programme.zh} {pack.label} 年度报告"
    day = now.astimezone(ZoneInfo(pack.cycle.zone)).date().isoformat()
    yield f"依据：{pack.notice.number}（政策包第 {shown.revision} 次修订）    导出日期：{day}"
    scope = "全部" if shown.floors else "本单位可见范围"
    yield f"范围：{scope}    人数：{shown.heads}    结业：{shown.completed}"


def _floor(one: FloorView) -> tuple[str, ...]:
    asked = (_text(one.min_persons), _text(one.min_share))
    found = (str(one.numerator), _text(one.denominator), _text(one.share))
    return (
        one.zh,
        "、".join(one.clause),
        *asked,
        *found,
        "达到" if one.reached else "未达到",
        str(one.missing),
    )


def _persons(one: Counted, floors: Iterable[Floor]) -> tuple[str, ...]:
    counts = (one.counted.get(floor.code, 0) for floor in floors)
    return str(one.persons), str(one.completed), *map(str, counts)


def _text(value: object) -> str:
    return "" if value is None else str(value)
