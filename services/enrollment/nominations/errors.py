"""How the refusals of nominations are answered."""

from services.enrollment.nominations import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ClassTakesNoNominations: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态，不接受提名。",
        "Class {class_id} is {state} and takes no nominations.",
        "organisation",
        "/class_id",
    ),
    domain.EnterpriseNotRegistered: Fault(
        422,
        "没有以此统一社会信用代码登记的企业，请先登记企业。",
        "No enterprise is on record under this credit code; state it first.",
        "submitter",
        "/enterprise_uscc",
    ),
    domain.NominatorHasNoRole: Fault(
        403,
        "主管部门推荐本地区企业的人员，举办班次 {class_id} 的机构选拔学员；贵方两者皆非。",
        "A department nominates from its jurisdiction, and who holds class {class_id} selects; "
        "you do neither here.",
        "caller",
    ),
    domain.NominatedTwiceHere: Fault(
        409,
        "本次请求的第 {first_index} 项已为同一班次提名此人。",
        "Item {first_index} of this request nominates the same person for the same class.",
        "submitter",
        "/person/document/number",
    ),
    domain.NominationRefused: Fault(
        422,
        "初审发现错误，提名未保存；errors 列出每一处。",
        "Screening found errors and the nomination was not kept; errors lists each place.",
        "submitter",
    ),
    domain.NominationNotFound: Fault(
        404,
        "没有可供查看的提名 {nomination_id}。",
        "There is no nomination {nomination_id} that you may see.",
        "caller",
    ),
}
