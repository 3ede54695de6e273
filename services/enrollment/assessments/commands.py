"""Handing in final reports and deciding on them, and recording scores, until the completion is confirmed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.assessments.domain import ReportAccepted, check_not_accepted, check_submitted
from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.assessments.queries import get_visible_report
from services.enrollment.assessments.schemas import (
    CourseScoreView,
    FinalReportView,
    RecordScores,
    SubmitReports,
)
from services.enrollment.learning.domain import EnrolmentClosed, EnrolmentNotOfClass, EnrolmentRepeated
from services.enrollment.learning.trainees import check_trainee, get_taught_class, lock_trainees
from shared.bulk import ItemResult, Results, refused
from shared.caller import Caller
from shared.database import upsert
from shared.headers import check_version

_REFUSALS = (EnrolmentNotOfClass, EnrolmentClosed, EnrolmentRepeated, ReportAccepted)


async def submit_reports(
    session: AsyncSession, caller: Caller, asked: SubmitReports, now: datetime
) -> Results[FinalReportView]:
    """Hand in the reports of trainees of a class that one runs; a new one replaces what is not accepted."""
    await get_taught_class(session, caller, asked.class_id)
    ids = {item.enrolment_id for item in asked.items}
    # The locks of the trainees also keep two submissions of one report apart.
    trainees = await lock_trainees(session, asked.class_id, ids)
    found = await session.scalars(select(FinalReport).where(FinalReport.enrolment_id.in_(ids)))
    known = {row.enrolment_id: row for row in found}
    said: set[str] = set()
    results: list[ItemResult[FinalReportView]] = []
    for index, item in enumerate(asked.items):
        row = known.get(item.enrolment_id)
        try:
            check_trainee(item.enrolment_id, asked.class_id, trainees)
            if item.enrolment_id in said:
                raise EnrolmentRepeated(enrolment_id=item.enrolment_id)
            if row is not None:
                check_not_accepted(item.enrolment_id, row.status)
        except _REFUSALS as refusal:
            results.append(refused(index, refusal))
            continue
        said.add(item.enrolment_id)
        status = 201 if row is None else 200
        if row is None:
            row = FinalReport(
                class_id=asked.class_id,
                **item.model_dump(),
                submitted_by=caller.principal,
                submitted_at=now,
            )
            session.add(row)
        else:
            row.reference, row.sha256, row.status = item.reference, item.sha256, "submitted"
            row.return_reason = row.decided_by = row.decided_at = None
            row.submitted_by, row.submitted_at = caller.principal, now
            row.version += 1
        view = FinalReportView.model_validate(row)
        results.append(ItemResult(index=index, status=status, value=view))
    return Results(results=results)


async def decide_report(
    session: AsyncSession,
    caller: Caller,
    report_id: str,
    now: datetime,
    *,
    return_reason: str | None,
    if_match: int | None,
) -> FinalReport:
    """Accept a report that was handed in, or return it with a reason, as who runs the class."""
    report, planned = await get_visible_report(session, caller, report_id)
    planned.check_runner(caller)
    trainees = await lock_trainees(session, report.class_id, {report.enrolment_id})
    await session.refresh(report)
    check_version(report.version, if_match)
    check_trainee(report.enrolment_id, report.class_id, trainees)
    check_submitted(report.id, report.status)
    report.status = "accepted" if return_reason is None else "returned"
    report.return_reason = return_reason
    report.decided_by, report.decided_at = caller.principal, now
    report.version += 1
    return report


async def record_scores(
    session: AsyncSession, caller: Caller, asked: RecordScores, now: datetime
) -> Results[CourseScoreView]:
    """Record scores of trainees of a class that one runs; the last word stands."""
    await get_taught_class(session, caller, asked.class_id)
    ids = {item.enrolment_id for item in asked.items}
    trainees = await lock_trainees(session, asked.class_id, ids)
    rows: dict[tuple[str, str], dict[str, object]] = {}
    results: list[ItemResult[CourseScoreView]] = []
    for index, item in enumerate(asked.items):
        key = (item.enrolment_id, item.course)
        try:
            check_trainee(item.enrolment_id, asked.class_id, trainees)
            if key in rows:
                raise EnrolmentRepeated(enrolment_id=item.enrolment_id)
        except _REFUSALS as refusal:
            results.append(refused(index, refusal))
            continue
        rows[key] = {
            **item.model_dump(),
            "class_id": asked.class_id,
            "recorded_by": caller.principal,
            "recorded_at": now,
        }
        results.append(ItemResult(index=index, status=200, value=CourseScoreView.model_validate(rows[key])))
    if rows:
        said = upsert(CourseScore)
        changed = {name: said.excluded[name] for name in ("score", "recorded_by", "recorded_at")}
        said = said.on_conflict_do_update(index_elements=["enrolment_id", "course"], set_=changed)
        await session.execute(said, [rows[key] for key in sorted(rows)])
    return Results(results=results)
