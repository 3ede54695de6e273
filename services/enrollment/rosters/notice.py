"""The notice of a reviewed roster (通知): what was decided, why, by whom and by which clause (C37)."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.plan import PlannedClass, get_class, get_organisations, judged_by
from services.enrollment.rosters.domain import REVIEW, check_reviewed
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.rosters.queries import get_roster
from services.enrollment.rosters.schemas import NoticeView, ReviewerView
from services.enrollment.rosters.wording import (
    DECISIONS,
    Ground,
    Review,
    chinese,
    english,
    gather_grounds,
    spans,
)
from shared.caller import Caller
from shared.events.policy import Responsibility
from shared.workbook import Column, Sheet

_COLUMNS = (Column("审核意见", 12), Column("人数", 8), Column("行", 40), Column("理由", 60))
_SEALS = ("审核单位（盖章）：", "日期：        年    月    日")


async def get_notice(session: AsyncSession, caller: Caller, roster_id: str) -> NoticeView:
    """Tell what became of a roster that is approved or returned."""
    roster = await get_roster(session, caller, roster_id)
    reviewed_at = check_reviewed(roster.id, roster.status, roster.reviewed_at)
    planned = await judged_by(session, await get_class(session, roster.class_id), roster.revision)
    reviewer = await _reviewer(session, roster)
    counts = await count_decisions(session, roster.id)
    grounds = await _grounds(session, roster.id)
    duty = _duty(planned)

    def review(title: str, name: str | None) -> Review:
        return Review(
            title=title,
            number=roster.number,
            approved=roster.status == "approved",
            day=_day(planned, reviewed_at),
            reviewer=name or "-",
            counts=counts,
            grounds=grounds,
            return_reason=roster.return_reason,
            notice=planned.pack.notice.number,
            source=duty.source or ", ".join(duty.decision),
            revision=roster.revision,
        )

    title_zh, title_en = planned.state.title_zh, planned.state.title_en
    shown: dict[str, Any] = {
        name: getattr(roster, name) for name in NoticeView.model_fields if hasattr(roster, name)
    }
    return NoticeView.model_validate(
        {
            **shown,
            "roster_id": roster.id,
            "title_zh": title_zh,
            "title_en": title_en,
            "approved": counts["approve"],
            "rejected": counts["reject"],
            "returned": counts["return"],
            "undecided": counts[None],
            "grounds": grounds,
            "reviewer": reviewer,
            "clause": list(duty.clause),
            "decision": list(duty.decision),
            "source": duty.source,
            "zh": chinese(review(title_zh, reviewer.name_zh)),
            "en": english(review(title_en or title_zh, reviewer.name_en)),
        }
    )


def notice_sheet(notice: NoticeView) -> Sheet:
    """Lay a notice out for the seal: its sentences, and the reasons with their rows."""
    rows = [
        (DECISIONS[one.decision][0], str(len(one.positions)), spans(one.positions), one.reason)
        for one in notice.grounds
    ]
    told = (*notice.zh[:3], f"名单哈希 SHA-256：{notice.rows_sha256}")
    return Sheet("审核通知", _COLUMNS, rows, ("学员名单审核通知", *told), _SEALS)


async def count_decisions(session: AsyncSession, roster_id: str) -> dict[str | None, int]:
    """Count the rows of a roster by what was decided."""
    counting = (
        select(RosterRow.decision, func.count())
        .where(RosterRow.roster_id == roster_id)
        .group_by(RosterRow.decision)
    )
    found = dict((await session.execute(counting)).all())
    return {decision: found.get(decision, 0) for decision in DECISIONS}


async def _grounds(session: AsyncSession, roster_id: str) -> list[Ground]:
    refused = select(RosterRow.position, RosterRow.decision, RosterRow.reason).where(
        RosterRow.roster_id == roster_id, RosterRow.decision != "approve"
    )
    return gather_grounds(
        (position, decision or "", reason or "")
        for position, decision, reason in await session.execute(refused)
    )


async def _reviewer(session: AsyncSession, roster: Roster) -> ReviewerView:
    known = await get_organisations(session, [roster.reviewed_for] if roster.reviewed_for else [])
    found = known.get(roster.reviewed_for or "")
    return ReviewerView(
        organisation_id=roster.reviewed_for,
        name_zh=found.name_zh if found else None,
        name_en=found.name_en if found else None,
    )


def _duty(planned: PlannedClass) -> Responsibility:
    """Find where the pack gives somebody the review; whoever reviewed held it by that."""
    return next(duty for duty in planned.pack.responsibilities if duty.act == REVIEW)


def _day(planned: PlannedClass, at: datetime) -> date:
    return at.astimezone(ZoneInfo(planned.pack.cycle.zone)).date()
