"""The named errors of liaison forms, numbered; the service's table takes them in."""

from services.registry.liaison import domain as liaison
from shared.problems import Fault, Faults

LIAISON_ERRORS: Faults = {
    liaison.LiaisonFormUnknown: Fault(
        404, "没有信息表 {form_id}。", "There is no liaison form {form_id}.", "caller"
    ),
    liaison.FormFieldUnknown: Fault(
        422, "信息表没有字段 {field}。", "The form has no field {field}.", "submitter", "/fields"
    ),
    liaison.FormFieldMissing: Fault(
        422, "信息表缺少字段 {field}。", "The form lacks the field {field}.", "submitter", "/fields"
    ),
    liaison.FormFieldMalformed: Fault(
        422,
        "信息表字段 {field} 的填写不是有效的 {kind}。",
        "The answer to the field {field} is no {kind}.",
        "submitter",
        "/fields",
    ),
    liaison.DepartmentNotNamed: Fault(
        422,
        "代填信息表须写明主管部门。",
        "Who fills in a form for a department names it.",
        "submitter",
        "/department_id",
    ),
    liaison.PaperNotAsked: Fault(
        422,
        "主管部门 {department_id} 自行填报，不另附纸质信息表。",
        "The department {department_id} answers for itself, which is not on paper.",
        "submitter",
        "/paper",
    ),
    liaison.PaperNotYetReceived: Fault(
        422,
        "纸质信息表的收到日期 {received_on} 晚于今日 {today}。",
        "The paper would come in on {received_on}, and today is {today}.",
        "submitter",
        "/paper/received_on",
    ),
    liaison.OrganisationNotDepartment: Fault(
        422,
        "机构 {organisation_id} 不是主管部门。",
        "The organisation {organisation_id} is no department.",
        "submitter",
        "/department_id",
    ),
}
