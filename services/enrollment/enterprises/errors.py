"""How the refusals of enterprises are answered."""

from services.enrollment.enterprises import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.UsccRefused: Fault(
        422,
        "统一社会信用代码不正确：{faults}。",
        "The unified social credit code does not hold: {faults}.",
        "submitter",
        "/uscc",
    ),
    domain.UsccRepeated: Fault(
        409,
        "本次请求的第 {first} 项已有此代码。",
        "Item {first} of this request already has this code.",
        "caller",
        "/uscc",
    ),
    domain.IndustryUnknown: Fault(
        422,
        "GB/T 4754-2017 中没有该门类以下的行业代码 {industry_code}。",
        "GB/T 4754-2017 has no division, group or class {industry_code}.",
        "submitter",
        "/industry_code",
    ),
    domain.DepartmentUnknown: Fault(
        422,
        "没有编号为 {department_id} 的主管部门。",
        "No department has the id {department_id}.",
        "submitter",
        "/department_id",
    ),
    domain.ProposerUnknown: Fault(
        409,
        "尚未收到企业提出单位 {organisation_id} 的登记信息。",
        "The organisation {organisation_id}, which proposed the enterprise, was not heard of yet.",
        "nobody",
    ),
    domain.TierEndsBeforeRecognition: Fault(
        422,
        "称号有效期止于 {expires_on}，不晚于认定日期 {recognised_on}。",
        "The title expires on {expires_on}, which is not after its recognition on {recognised_on}.",
        "submitter",
        "/tier/expires_on",
    ),
    domain.EnterpriseOfAnotherDepartment: Fault(
        409,
        "此代码已登记在另一主管部门名下，须由其移交。",
        "This code is on record with another department, which would have to hand it over.",
        "department",
        "/uscc",
    ),
    domain.EnterpriseNotFound: Fault(
        404,
        "没有可供查看的企业 {enterprise_id}。",
        "There is no enterprise {enterprise_id} that you may see.",
        "caller",
    ),
    domain.ProposalNotFound: Fault(
        404,
        "没有可供查看的企业信息变更提议 {proposal_id}。",
        "There is no proposal {proposal_id} that you may see.",
        "caller",
    ),
    domain.ProposalNotForCaller: Fault(
        403,
        "变更提议由企业所属主管部门处理。",
        "What is proposed is decided by the home department of the enterprise.",
        "department",
    ),
    domain.ProposalDecided: Fault(
        409,
        "变更提议 {proposal_id} 已处理为 {status}。",
        "Proposal {proposal_id} was decided before: {status}.",
        "nobody",
    ),
}
