"""The board of liaison forms and the sheet of their workbook: every department, answered or not (C19)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack_told
from services.registry.deadlines.queries import find_told
from services.registry.liaison.domain import DEADLINE, DEPARTMENT, Answer, answer_of
from services.registry.liaison.models import LiaisonForm, LiaisonFormVersion, LiaisonOverdue
from services.registry.liaison.queries import Reader
from services.registry.liaison.schemas import BoardLine, BoardView
from services.registry.organisations.models import Organisation
from shared.caller import Caller
from shared.events.policy import ConceptAbsent, PolicyPack
from shared.events.policy import LiaisonForm as FormAsked
from shared.events.registry import DeadlineState
from shared.workbook import Column, Sheet

_log = structlog.get_logger("liaison")

_ANSWERS: dict[Answer, str] = {"in_time": "按时", "late": "逾期", "missing": "未报"}
_COLUMNS = (
    Column("主管部门", 28),
    Column("代码", 10),
    Column("反馈情况", 10),
    Column("版本", 6),
    Column("最近提交时间", 18),
    Column("填报方式", 10),
    Column("纸质收到日期", 14),
    Column("来文编号", 20),
)
_WIDTH = 22


@dataclass(frozen=True, slots=True)
class _Standing:
    """A department, with its form and the newest version of it if it has answered."""

    department: Organisation
    form: LiaisonForm | None
    kept: LiaisonFormVersion | None

    @property
    def answer(self) -> Answer:
        return answer_of(None if self.form is None else self.form.late)

    def line(self, since: datetime | None, overdue_since: datetime | None) -> BoardLine:
        kept = self.kept
        known = {
            "department_id": self.department.id,
            "name_zh": self.department.name_zh,
            "name_en": self.department.name_en,
            "code": self.department.code,
            "answer": self.answer,
            "changed_since": None if since is None else kept is not None and kept.submitted_at > since,
        }
        if kept is None:
            return BoardLine(**known, overdue_since=overdue_since)
        return BoardLine(
            **known,
            form_id=kept.form_id,
            number=kept.number,
            submitted_at=kept.submitted_at,
            on_behalf=kept.on_behalf,
            received_on=kept.received_on,
            reference=kept.reference,
            changed_after_deadline=kept.number > 1 and kept.late,
        )


async def get_board(
    session: AsyncSession, reader: Reader, *, cycle_id: str, since: datetime | None
) -> BoardView:
    """Tell of each department that the caller may see whether it has answered."""
    await _asked(session, cycle_id)
    told = await find_told(session, cycle_id, DEADLINE)
    closing = None if told is None else told.closes_for([])
    overdue = await _overdue(session, cycle_id, told)
    standings = await _standings(session, reader, cycle_id)
    lines = [one.line(since, overdue.get(one.department.id)) for one in standings]
    counted = Counter(line.answer for line in lines)
    return BoardView(
        cycle_id=cycle_id,
        deadline=None if closing is None else closing.astimezone(UTC),
        in_time=counted["in_time"],
        late=counted["late"],
        missing=counted["missing"],
        overdue=sum(line.overdue_since is not None for line in lines),
        lines=lines,
    )


async def get_sheet(session: AsyncSession, reader: Reader, caller: Caller, *, cycle_id: str) -> Sheet:
    """Write the forms of a cycle as a sheet with the headings of its pack, and log who took it out.

    Refused unless the caller is the bureau, a department (its own line), or receives or tracks the forms.
    """
    pack, asked = await _asked(session, cycle_id)
    if caller.kind not in {"bureau", DEPARTMENT} and not caller.holds("receive_liaison_forms", pack):
        caller.require("track", pack)
    standings = await _standings(session, reader, cycle_id)
    rows = [tuple(_cells(one, reader, [field.code for field in asked.fields], pack)) for one in standings]
    _log.info(
        "liaison forms exported",
        cycle_id=cycle_id,
        organisation_id=caller.organisation_id,
        departments=len(rows),
        names=caller.kind == DEPARTMENT or reader.shows_names(cycle_id),
    )
    columns = (*_COLUMNS, *(Column(field.zh, _WIDTH) for field in asked.fields))
    return Sheet(asked.title.zh, columns, rows)


async def _overdue(session: AsyncSession, cycle_id: str, told: DeadlineState | None) -> dict[str, datetime]:
    """List since when departments are overdue, as noted; a note of a deadline that was put off is past."""
    if told is None or told.withdrawn:
        return {}
    noted = select(LiaisonOverdue).where(LiaisonOverdue.cycle_id == cycle_id)
    return {
        one.department_id: one.closes_at
        for one in await session.scalars(noted)
        if one.closes_at == told.put_off_to([one.department_id])
    }


async def _asked(session: AsyncSession, cycle_id: str) -> tuple[PolicyPack, FormAsked]:
    """Get the pack in force and the form that it asks for; a cycle without the form has no board of it."""
    pack = (await get_pack_told(session, cycle_id)).pack
    if pack.liaison_form is None:
        raise ConceptAbsent("liaison_form", cycle_id)
    return pack, pack.liaison_form


async def _standings(session: AsyncSession, reader: Reader, cycle_id: str) -> list[_Standing]:
    """List the departments in the order of their codes, each with its newest version; they are some forty."""
    asked = (
        select(Organisation, LiaisonForm, LiaisonFormVersion)
        .outerjoin(
            LiaisonForm, and_(LiaisonForm.department_id == Organisation.id, LiaisonForm.cycle_id == cycle_id)
        )
        .outerjoin(
            LiaisonFormVersion,
            and_(
                LiaisonFormVersion.form_id == LiaisonForm.id, LiaisonFormVersion.number == LiaisonForm.number
            ),
        )
        .where(Organisation.kind == DEPARTMENT, reader.departments(cycle_id))
        .order_by(Organisation.code, Organisation.id)
    )
    return [_Standing(*row) for row in await session.execute(asked)]


def _cells(one: _Standing, reader: Reader, codes: list[str], pack: PolicyPack) -> Iterator[str]:
    yield one.department.name_zh
    yield one.department.code or ""
    yield _ANSWERS[one.answer]
    if one.form is None or one.kept is None:
        return
    kept, fields = one.kept, reader.fields(one.form, one.kept)
    yield str(kept.number)
    yield kept.submitted_at.astimezone(ZoneInfo(pack.cycle.zone)).strftime("%Y-%m-%d %H:%M")
    yield "代填" if kept.on_behalf else "自填"
    yield kept.received_on.isoformat() if kept.received_on else ""
    yield kept.reference or ""
    for code in codes:
        yield fields.get(code, "")
