"""Final reports and scores over HTTP."""

from services.enrollment.assessments.commands import decide_report, record_scores, submit_reports
from services.enrollment.assessments.queries import list_reports, list_scores
from services.enrollment.assessments.schemas import (
    CourseScoreView,
    FinalReportView,
    RecordScores,
    ReturnReport,
    SubmitReports,
)
from shared.bulk import Results
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["learning"])


@routes.post("/v1/final-reports", summary="Hand in final reports", **callers(signed_in=True))
async def post_reports(
    body: SubmitReports, session: Writing, caller: Asking, now: Now
) -> Results[FinalReportView]:
    """Hand in reports by reference and hash, for trainees of a class that one runs."""
    return await submit_reports(session, caller, body, now)


@routes.get("/v1/final-reports", summary="List the final reports of a class", **callers(signed_in=True))
async def read_reports(
    class_id: Id, session: Reading, caller: Asking, paging: Paging
) -> Page[FinalReportView]:
    return await list_reports(session, caller, class_id, paging)


@routes.post(
    "/v1/final-reports/{report_id}/acceptance", summary="Accept a final report", **callers(signed_in=True)
)
async def post_acceptance(
    report_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> FinalReportView:
    """Accept a report that was handed in, as who runs the class."""
    decided = await decide_report(session, caller, report_id, now, return_reason=None, if_match=if_match)
    return FinalReportView.model_validate(decided)


@routes.post(
    "/v1/final-reports/{report_id}/return", summary="Return a final report", **callers(signed_in=True)
)
async def post_report_return(
    report_id: str, body: ReturnReport, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> FinalReportView:
    """Return a report with a reason; the next one takes its place."""
    decided = await decide_report(
        session, caller, report_id, now, return_reason=body.reason, if_match=if_match
    )
    return FinalReportView.model_validate(decided)


@routes.post("/v1/course-scores", summary="Record scores", **callers(signed_in=True))
async def post_scores(
    body: RecordScores, session: Writing, caller: Asking, now: Now
) -> Results[CourseScoreView]:
    """Record scores by course, in hundredths, for trainees of a class that one runs; the last word stands."""
    return await record_scores(session, caller, body, now)


@routes.get("/v1/course-scores", summary="List the scores of a class", **callers(signed_in=True))
async def read_scores(
    class_id: Id, session: Reading, caller: Asking, paging: Paging
) -> Page[CourseScoreView]:
    return await list_scores(session, caller, class_id, paging)
