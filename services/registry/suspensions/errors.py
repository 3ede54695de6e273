"""The named errors of suspensions, numbered; the service's table takes them in."""

from services.registry.suspensions import domain as suspensions
from shared.problems import Fault, Faults

SUSPENSION_ERRORS: Faults = {
    suspensions.SuspensionUnknown: Fault(
        404, "没有暂停记录 {suspension_id}。", "There is no suspension {suspension_id}.", "caller"
    ),
    suspensions.AlreadyLifted: Fault(
        409, "暂停 {suspension_id} 已经解除。", "The suspension {suspension_id} is lifted already.", "nobody"
    ),
    suspensions.InstitutionSuspended: Fault(
        409,
        "机构 {institution_id} 因周期 {evaluated_cycle_id} 的考核评估 {evaluation_id} 暂停本周期培训任务；"
        "该周期政策包规定的 lift_suspensions 承担方可解除暂停 {suspension_id}。",
        "The evaluation {evaluation_id} of {evaluated_cycle_id} suspends {institution_id} from this cycle; "
        "who holds lift_suspensions in {evaluated_cycle_id} may lift the suspension {suspension_id}.",
        "bureau",
    ),
    suspensions.InstitutionSuspendedBefore: Fault(
        409,
        "机构 {institution_id} 因文件“{document}”（周期 {evaluated_cycle_id}）暂停本周期培训任务；"
        "本周期政策包规定的 lift_suspensions 承担方可解除暂停 {suspension_id}。",
        "The document {document} about {evaluated_cycle_id} suspends {institution_id} from this cycle; "
        "who holds lift_suspensions in this cycle may lift the suspension {suspension_id}.",
        "bureau",
    ),
    suspensions.CycleRanHere: Fault(
        409,
        "周期 {cycle_id} 由本平台管理，暂停由其考核评估决定，不得导入。",
        "The cycle {cycle_id} is one of this platform: its evaluation suspends, nothing is imported.",
        "caller",
        "/evaluated_cycle_id",
    ),
    suspensions.ImportedOtherwise: Fault(
        409,
        "机构 {institution_id} 在周期 {evaluated_cycle_id} 之后的暂停已导入（{suspension_id}），内容不同。",
        "The suspension of {institution_id} after {evaluated_cycle_id} is on record as {suspension_id}, "
        "and says otherwise.",
        "caller",
    ),
    suspensions.OtherCycleFollows: Fault(
        409,
        "周期 {evaluated_cycle_id} 之后的暂停不及于 {barred_cycle_id}：与 {contradicting_id} 矛盾。",
        "A suspension after {evaluated_cycle_id} does not bar {barred_cycle_id}: {contradicting_id} stands "
        "where one of them would.",
        "caller",
        "/barred_cycle_id",
    ),
    suspensions.NotYetDecided: Fault(
        422,
        "决定日期 {decided_on} 晚于今日 {today}。",
        "The decision would be taken on {decided_on}, and today is {today}.",
        "caller",
        "/decided_on",
    ),
}
