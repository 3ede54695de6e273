"""How the refusals of consents are answered."""

from services.enrollment.consents import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ConsentTextUnknown: Fault(
        422,
        "用途 {purpose} 没有第 {version} 版同意书。",
        "No text of version {version} was published for {purpose}.",
        "submitter",
        "/version",
    ),
    domain.ConsentOutOfTime: Fault(
        422,
        "时间应在 {earliest} 与 {latest} 之间。",
        "The time has to lie between {earliest} and {latest}.",
        "submitter",
    ),
    domain.ConsentNotFound: Fault(
        404,
        "没有可供查看的同意记录 {consent_id}。",
        "There is no consent {consent_id} that you may see.",
        "caller",
        "/consent_id",
    ),
    domain.ConsentWithdrawnAlready: Fault(
        409,
        "同意 {consent_id} 已撤回。",
        "Consent {consent_id} was withdrawn before.",
        "nobody",
        "/consent_id",
    ),
    domain.ConsentNotOfCaller: Fault(
        403,
        "同意由人员所属主管部门或其班次的牵头、报送机构登记。",
        "Consents are recorded by the home department or by who runs a class of the person.",
        "caller",
        "/person_id",
    ),
}
