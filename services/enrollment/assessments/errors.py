"""How the refusals of final reports are answered."""

from services.enrollment.assessments import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ReportNotFound: Fault(
        404,
        "没有可供查看的结业报告 {report_id}。",
        "There is no final report {report_id} that you may see.",
        "caller",
    ),
    domain.ReportAccepted: Fault(
        409,
        "学员 {enrolment_id} 的结业报告已经通过。",
        "The final report of enrolment {enrolment_id} is accepted already.",
        "nobody",
        "/enrolment_id",
    ),
    domain.ReportDecided: Fault(
        409,
        "结业报告 {report_id} 的状态为 {state}，不待审阅。",
        "The final report {report_id} is {state} and does not wait for a decision.",
        "nobody",
    ),
}
