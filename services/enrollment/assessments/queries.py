"""Reading final reports and scores, as far as the caller may see the trainees."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.assessments.domain import ReportNotFound
from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.assessments.schemas import CourseScoreView, FinalReportView
from services.enrollment.enrolments.domain import EnrolmentNotFound
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import get_visible_enrolment
from services.enrollment.plan import PlannedClass, get_class
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_reports(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[FinalReportView]:
    """List the final reports of a class."""
    scope = scope_in_class(caller, await get_class(session, class_id))
    rows = (
        select(FinalReport)
        .join(Enrolment, Enrolment.id == FinalReport.enrolment_id)
        .where(FinalReport.class_id == class_id, scope.where(Enrolment))
    )
    return await page(session, rows, [FinalReport.id], paging, FinalReportView.model_validate)


async def list_scores(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[CourseScoreView]:
    """List the scores of a class by trainee and course."""
    scope = scope_in_class(caller, await get_class(session, class_id))
    rows = (
        select(CourseScore)
        .join(Enrolment, Enrolment.id == CourseScore.enrolment_id)
        .where(CourseScore.class_id == class_id, scope.where(Enrolment))
    )
    keys = [CourseScore.enrolment_id, CourseScore.course]
    return await page(session, rows, keys, paging, CourseScoreView.model_validate)


async def get_visible_report(
    session: AsyncSession, caller: Caller, report_id: str
) -> tuple[FinalReport, PlannedClass]:
    """Get the report of a trainee whom the caller may see, with the class."""
    report = await session.get(FinalReport, report_id)
    if report is None:
        raise ReportNotFound(report_id=report_id)
    try:
        _, planned = await get_visible_enrolment(session, caller, report.enrolment_id)
    except EnrolmentNotFound:
        raise ReportNotFound(report_id=report_id) from None
    return report, planned
