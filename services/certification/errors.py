"""Every named refusal of this service, with its status, its sentences and who can mend it."""

from services.certification.domain import (
    BatchUnknown,
    CertificateUnknown,
    ClassNotFinished,
    ClassUnknown,
    CodeUnknown,
    CompletionStillArriving,
    CycleUnknown,
    HolderAlreadyErased,
    NothingToCertify,
    OrganisationUnknown,
)
from shared.events.policy import ConceptAbsent
from shared.problems import Fault, Faults

ERRORS: Faults = {
    CycleUnknown: Fault(404, "没有周期 {cycle_id}。", "There is no cycle {cycle_id}.", "caller"),
    ClassUnknown: Fault(404, "没有班级 {class_id}。", "There is no class {class_id}.", "caller", "/class_id"),
    OrganisationUnknown: Fault(
        409,
        "尚未收到机构 {organisation_id} 的资料。",
        "Nothing was heard of organisation {organisation_id} yet.",
        "operator",
    ),
    ClassNotFinished: Fault(
        409,
        "班级 {class_id} 尚未结束（状态 {status}），培训结束后方可颁发证书。",
        "Class {class_id} is {status}; certificates are issued when the training has ended.",
        "organisation",
        "/class_id",
    ),
    CompletionStillArriving: Fault(
        409,
        "班级 {class_id} 的结业名单正在接收（{arrived}/{expected} 部分），请稍后重试。",
        "The completion of class {class_id} is still arriving ({arrived} of {expected} parts); try again.",
        "nobody",
        "/class_id",
    ),
    NothingToCertify: Fault(
        409,
        "班级 {class_id} 没有已确认结业而未领证书的学员。",
        "Nobody of class {class_id} is confirmed and still without a certificate.",
        "reviewer",
        "/class_id",
    ),
    CertificateUnknown: Fault(
        404, "没有证书 {certificate_id}。", "There is no certificate {certificate_id}.", "caller"
    ),
    BatchUnknown: Fault(404, "没有批次 {batch_id}。", "There is no batch {batch_id}.", "caller"),
    CodeUnknown: Fault(
        404, "该核验码没有对应的证书。", "No certificate has this verification code.", "caller"
    ),
    HolderAlreadyErased: Fault(
        409, "持证人资料已删除。", "The holder of this certificate is erased already.", "nobody"
    ),
    ConceptAbsent: Fault(
        409,
        "该周期的政策包没有 {concept}（{code}）。",
        "The policy pack of this cycle has no {concept} ({code}).",
        "bureau",
    ),
}
