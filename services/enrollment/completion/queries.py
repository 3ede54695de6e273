"""Reading completions, and the one query that judges a class by what its trainees did."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.completion.domain import (
    CompletionNotFound,
    Criteria,
    CriteriaMissing,
    Judgement,
    Learning,
    NobodyEnrolled,
    NothingHeld,
    Reason,
    judge,
)
from services.enrollment.completion.models import Completion, CompletionRow
from services.enrollment.completion.schemas import (
    CompletionDetail,
    CompletionRowView,
    CompletionView,
    ReasonView,
)
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.learning.models import Attendance, Session
from services.enrollment.learning.queries import find_visible_class
from services.enrollment.online.models import OnlineRecord
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.rosters.models import Roster
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.events.policy import PolicyPack
from shared.events.registry import CompletionCriteria
from shared.paging import AskedPage, Page, page


@dataclass(frozen=True, slots=True)
class Judged:
    """One trainee of a class as the record stands now."""

    enrolment_id: str
    person_id: str
    department_id: str
    minutes: int
    judgement: Judgement


async def judge_class(session: AsyncSession, planned: PlannedClass) -> tuple[Criteria, int, list[Judged]]:
    """Judge who is enrolled now, in order of roster and row, by the plan and by what the pack asks of all."""
    class_id = planned.state.id
    if planned.state.completion is None:
        raise planned.refuse(CriteriaMissing(class_id=class_id))
    criteria = _criteria(planned.state.completion, planned.pack)
    sessions = select(func.sum(Session.minutes)).where(Session.class_id == class_id, Session.attended > 0)
    held = int(await session.scalar(sessions) or 0)
    if not held:
        raise NothingHeld(class_id=class_id)
    trainees = (
        select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.department_id,
            func.coalesce(func.sum(Attendance.minutes), 0).label("minutes"),
            _online_seconds().label("online_seconds"),
            _accepted_report().label("report_accepted"),
            _courses_passed(criteria.min_score or 0).label("courses_passed"),
        )
        .join(Roster, Roster.id == Enrolment.roster_id)
        .outerjoin(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Enrolment.class_id == class_id, Enrolment.status == "enrolled")
        .group_by(Enrolment.id, Roster.number)
        .order_by(Roster.number, Enrolment.position)
    )
    courses = select(func.count(CourseScore.course.distinct())).where(CourseScore.class_id == class_id)
    examined = int(await session.scalar(courses) or 0)
    judged = [
        Judged(
            row.id,
            row.person_id,
            row.department_id,
            int(row.minutes),
            judge(
                Learning(
                    minutes=int(row.minutes),
                    online_minutes=int(row.online_seconds) // 60,
                    report_accepted=bool(row.report_accepted),
                    courses_passed=int(row.courses_passed),
                ),
                held=held,
                examined=examined,
                criteria=criteria,
            ),
        )
        for row in await session.execute(trainees)
    ]
    if not judged:
        raise NobodyEnrolled(class_id=class_id)
    return criteria, held, judged


def _criteria(plan: CompletionCriteria, pack: PolicyPack) -> Criteria:
    """Put together what the filed plan asks and what the pack asks of every trainee (Q10)."""
    rule = pack.completion
    score = None if rule is None or rule.min_score is None else int(rule.min_score * 100)
    return Criteria(
        plan.min_attendance_percent,
        plan.min_minutes,
        min_online_minutes=rule.min_online_minutes if rule else 0,
        report_required=rule is not None and rule.report_required,
        min_score=score,
    )


def _online_seconds() -> ScalarSelect[int]:
    learnt = func.coalesce(func.sum(OnlineRecord.seconds), 0)
    return (
        select(learnt).where(OnlineRecord.enrolment_id == Enrolment.id).correlate(Enrolment).scalar_subquery()
    )


def _accepted_report() -> ScalarSelect[int]:
    accepted = select(func.count()).where(
        FinalReport.enrolment_id == Enrolment.id, FinalReport.status == "accepted"
    )
    return accepted.correlate(Enrolment).scalar_subquery()


def _courses_passed(least: int) -> ScalarSelect[int]:
    passed = select(func.count()).where(CourseScore.enrolment_id == Enrolment.id, CourseScore.score >= least)
    return passed.correlate(Enrolment).scalar_subquery()


async def list_completions(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[CompletionView]:
    """List the completions of a class; there is at most one."""
    revision = await session.scalar(select(Completion.revision).where(Completion.class_id == class_id))
    await find_visible_class(session, caller, class_id, revision)
    rows = select(Completion).where(Completion.class_id == class_id)
    return await page(session, rows, [Completion.id], paging, CompletionView.model_validate)


async def get_completion(session: AsyncSession, caller: Caller, completion_id: str) -> CompletionDetail:
    """Read a completion with the rows that the caller may see."""
    completion = await session.get(Completion, completion_id)
    if completion is None:
        raise CompletionNotFound(completion_id=completion_id)
    planned = await get_class(session, completion.class_id)
    scope = scope_in_class(caller, planned, await judged_by(session, planned, completion.revision))
    rows = select(CompletionRow).where(CompletionRow.completion_id == completion_id)
    if not scope.covers_class(completion.class_id):
        rows = rows.where(CompletionRow.department_id == scope.department_id)
    shown = [_row_view(row) for row in await session.scalars(rows.order_by(CompletionRow.position))]
    if not shown:
        raise CompletionNotFound(completion_id=completion_id)
    return CompletionDetail(**CompletionView.model_validate(completion).model_dump(), rows=shown)


def _row_view(row: CompletionRow) -> CompletionRowView:
    reasons = [ReasonView.model_validate(Reason(**reason)) for reason in row.reasons]
    return CompletionRowView(
        position=row.position,
        enrolment_id=row.enrolment_id,
        person_id=row.person_id,
        department_id=row.department_id,
        minutes=row.minutes,
        attendance_percent=row.attendance_percent,
        met=row.met,
        reasons=reasons,
    )
