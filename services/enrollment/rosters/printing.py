"""The list of a roster for the seal (盖章名单): all rows, masked, under its number and its hash."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import structlog
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.models import Enterprise
from services.enrollment.identifiers import DocumentKind
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import masked
from services.enrollment.plan import PlannedClass, get_class, get_organisations, judged_by
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.notice import count_decisions
from services.enrollment.rosters.queries import get_roster
from services.enrollment.rosters.wording import DECISIONS
from shared.caller import Caller
from shared.sealed import Sealer
from shared.workbook import Column, Sheet

_log = structlog.get_logger("rosters")

_COLUMNS = (
    Column("序号", 6),
    Column("姓名", 10),
    Column("证件类型", 18),
    Column("证件号码", 22),
    Column("企业", 30),
    Column("职务", 14),
    Column("主管部门", 22),
    Column("推荐方式", 16),
    Column("学员类别", 24),
    Column("审核意见", 10),
    Column("理由", 24),
)
_DOCUMENTS: Mapping[DocumentKind, str] = {
    "resident_card": "居民身份证",
    "residence_permit": "港澳台居民居住证",
    "hk_macao_permit": "港澳居民来往内地通行证",
    "taiwan_permit": "台湾居民来往大陆通行证",
    "permanent_resident_card": "永久居留身份证",
    "passport": "护照",
}
_STATES: Mapping[str, str] = {
    "draft": "草拟",
    "submitted": "待审核",
    "approved": "已核准",
    "returned": "已退回",
}
Listed = Row[RosterRow, Nomination, Person, str]

_SEALS = ("报送单位（盖章）：", "审核单位（盖章）：", "日期：        年    月    日")


async def get_list_sheet(session: AsyncSession, caller: Caller, sealer: Sealer, roster_id: str) -> Sheet:
    """Lay a roster out for print, as far as the caller may see it, and log who took it out."""
    roster = await get_roster(session, caller, roster_id)
    planned = await judged_by(session, await get_class(session, roster.class_id), roster.revision)
    listed = (
        select(RosterRow, Nomination, Person, Enterprise.name)
        .join(Nomination, Nomination.id == RosterRow.nomination_id)
        .join(Person, Person.id == Nomination.person_id)
        .outerjoin(Enterprise, Enterprise.id == Nomination.enterprise_id)
        .where(RosterRow.roster_id == roster_id)
        .order_by(RosterRow.position)
    )
    found = (await session.execute(listed)).all()
    known = await get_organisations(session, {nomination.department_id for _, nomination, *_ in found})
    homes = {one: state.name_zh for one, state in known.items()}
    # Opening the seals of a long roster takes a while: others are answered meanwhile.
    rows = await asyncio.to_thread(_rows, sealer, planned, homes, found)
    _log.info("roster printed", roster_id=roster_id, organisation_id=caller.organisation_id, rows=len(rows))
    counts = await count_decisions(session, roster_id)
    return Sheet("学员名单", _COLUMNS, rows, tuple(_title(roster, planned, counts)), _SEALS)


def _title(roster: Roster, planned: PlannedClass, counts: Mapping[str | None, int]) -> Iterable[str]:
    decided = "，".join(f"{DECISIONS[one][0]} {number} 人" for one, number in counts.items())
    yield f"{planned.state.title_zh}学员名单"
    yield (
        f"第 {roster.number} 号名单（{_STATES[roster.status]}）    编号：{roster.id}    "
        f"周期：{planned.pack.label}    政策包修订：{roster.revision}"
    )
    yield f"班次编号：{roster.class_id}    共 {roster.rows} 人：{decided}"
    yield f"名单哈希 SHA-256：{roster.rows_sha256}"


def _rows(
    sealer: Sealer, planned: PlannedClass, homes: Mapping[str, str], found: Sequence[Listed]
) -> list[tuple[str, ...]]:
    words = {term.code: term.zh for term in (*planned.pack.channels, *planned.pack.target_groups)}
    rows: list[tuple[str, ...]] = []
    for row, nomination, person, enterprise in found:
        shown = masked(sealer, person)
        rows.append(
            (
                str(row.position),
                shown.name,
                _DOCUMENTS[shown.document_kind],
                shown.document_number,
                enterprise or "",
                nomination.post,
                homes.get(nomination.department_id, ""),
                "、".join(words.get(one, one) for one in sorted(nomination.credits)),
                words.get(nomination.target_group, nomination.target_group),
                DECISIONS[row.decision][0],
                row.reason or "",
            )
        )
    return rows
