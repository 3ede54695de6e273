"""The named errors of deadlines, numbered; the service's table takes them in."""

from services.registry.deadlines import domain as deadlines
from shared.problems import Fault, Faults

DEADLINE_ERRORS: Faults = {
    deadlines.DeadlineUnknown: Fault(
        404, "没有期限 {deadline_id}。", "There is no deadline {deadline_id}.", "caller"
    ),
    deadlines.DeadlineWithdrawn: Fault(
        409,
        "现行政策包已无期限 {deadline_id}。",
        "The pack in force has no deadline {deadline_id} any more.",
        "nobody",
    ),
    deadlines.ExtensionNotLater: Fault(
        409,
        "期限 {deadline_id} 现已截至 {closes_at}，延期须更晚。",
        "The deadline {deadline_id} closes at {closes_at} already; an extension is later.",
        "caller",
        "/until",
    ),
}
