"""The named errors of designations, numbered; the service's table takes them in."""

from services.registry.designations import domain as designations
from shared.problems import Fault, Faults

DESIGNATION_ERRORS: Faults = {
    designations.DesignationUnknown: Fault(
        404, "没有承担资格 {designation_id}。", "There is no designation {designation_id}.", "caller"
    ),
    designations.AlreadyDesignated: Fault(
        409,
        "机构 {institution_id} 在本周期已有承担资格。",
        "The institution {institution_id} is designated for this cycle already.",
        "caller",
        "/institution_id",
    ),
    designations.AppliedAlready: Fault(
        409,
        "机构 {institution_id} 在本周期已有申请 {designation_id}（状态：{designation_status}）。",
        "The institution {institution_id} has its application {designation_id} of this cycle "
        "(it is {designation_status}).",
        "caller",
    ),
    designations.ApplicationStateForbids: Fault(
        409,
        "申请 {designation_id} 的状态为 {designation_status}，不能进行 {step}。",
        "The application {designation_id} is {designation_status}; {step} is not possible.",
        "caller",
    ),
    designations.AssessmentFailed: Fault(
        409,
        "申请 {designation_id} 的第三方评估考核不合格。",
        "The assessment of the application {designation_id} was failed.",
        "organisation",
    ),
    designations.AssessmentNotYetHeld: Fault(
        422,
        "评估日期 {assessed_on} 晚于今日 {today}。",
        "The assessment would take place on {assessed_on}, and today is {today}.",
        "caller",
        "/assessed_on",
    ),
    designations.ReasonOfOtherDecision: Fault(
        422,
        "理由 {reason} 不适用于决定 {decision}。",
        "The reason {reason} is none for the decision {decision}.",
        "caller",
        "/reason",
    ),
    designations.KindNeverTeaches: Fault(
        422,
        "类别 {kind} 的机构 {institution_id} 不承担培训。",
        "The organisation {institution_id} is a {kind}, which carries no classes.",
        "caller",
    ),
    designations.KindTakesNoDesignation: Fault(
        422,
        "本周期 {class_kind} 班不设承担资格。",
        "Nobody is designated for classes of kind {class_kind} in this cycle.",
        "caller",
        "/class_kinds",
    ),
    designations.EvidenceMissing: Fault(
        422, "缺少依据 {reference}。", "The evidence {reference} is missing.", "caller"
    ),
    designations.InstitutionNotDesignated: Fault(
        409,
        "机构 {institution_id} 没有 {class_kind} 班的承担资格。",
        "The institution {institution_id} is not designated for classes of kind {class_kind}.",
        "organisation",
    ),
}
