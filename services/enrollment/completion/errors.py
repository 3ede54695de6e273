"""How the refusals of completions are answered."""

from services.enrollment.completion import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.CompletionNotFound: Fault(
        404,
        "没有可供查看的结业名单 {completion_id}。",
        "There is no completion {completion_id} that you may see.",
        "caller",
    ),
    domain.ClassNotFinished: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态；培训结束后才能提出结业名单。",
        "Class {class_id} is {state}; completion is proposed after the class has finished.",
        "organisation",
    ),
    domain.CriteriaMissing: Fault(
        409,
        "班次 {class_id} 的培训方案没有结业标准。",
        "The training plan of class {class_id} has no completion criteria.",
        "organisation",
    ),
    domain.NothingHeld: Fault(
        409,
        "班次 {class_id} 没有登记任何出勤，无法判定结业。",
        "Class {class_id} has no attendance on record to judge by.",
        "organisation",
    ),
    domain.NobodyEnrolled: Fault(
        409, "班次 {class_id} 没有在读学员。", "Class {class_id} has nobody enrolled.", "organisation"
    ),
    domain.CompletionConfirmedAlready: Fault(
        409,
        "结业名单 {completion_id} 已经确认。",
        "Completion {completion_id} is confirmed already.",
        "nobody",
    ),
    domain.ConfirmerIsProposer: Fault(
        403,
        "提出与确认须由不同的人或系统进行。",
        "Whoever proposed a completion cannot confirm it.",
        "reviewer",
    ),
    domain.ProposalOutdated: Fault(
        409,
        "提出结业名单之后，学员、出勤或标准有变；请重新计算。",
        "Trainees, attendance or criteria have changed since the proposal; compute it again.",
        "organisation",
    ),
}
