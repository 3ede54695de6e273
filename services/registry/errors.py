"""The named errors of the registry, numbered: status, words in both languages, and who can mend it."""

from services.registry.attachments.errors import ATTACHMENT_ERRORS
from services.registry.bases.errors import BASE_ERRORS
from services.registry.classes.errors import CLASS_ERRORS
from services.registry.clients import domain as clients
from services.registry.cycles import domain as cycles
from services.registry.deadlines import domain as deadlines
from services.registry.designations import domain as designations
from services.registry.discipline.errors import DISCIPLINE_ERRORS
from services.registry.funds.errors import FUND_ERRORS
from services.registry.liaison import domain as liaison
from services.registry.organisations import domain as organisations
from services.registry.suspensions import domain as suspensions
from shared.events.policy import ConceptAbsent, PackInvalid
from shared.problems import Fault, Faults

_CYCLES: Faults = {
    cycles.CycleUnknown: Fault(404, "没有周期 {cycle_id}。", "There is no cycle {cycle_id}.", "caller"),
    cycles.RevisionUnknown: Fault(
        404,
        "周期 {cycle_id} 的政策包没有第 {revision} 次修订。",
        "The policy pack of {cycle_id} has no revision {revision}.",
        "caller",
    ),
    cycles.CycleNotActive: Fault(
        409,
        "周期 {cycle_id} 的政策包未生效（状态：{cycle_status}）。",
        "The policy pack of {cycle_id} is not in force (it is {cycle_status}).",
        "bureau",
    ),
    cycles.CycleAlreadyActive: Fault(
        409, "周期 {cycle_id} 已经生效。", "Cycle {cycle_id} is active already.", "nobody"
    ),
    cycles.PackImmutable: Fault(
        409,
        "周期 {cycle_id} 的政策包已生效，不可改动；更正须为新的修订。",
        "The policy pack of {cycle_id} is in force and cannot change; a correction is a new revision.",
        "bureau",
    ),
    cycles.RevisionOfOtherCycle: Fault(
        422,
        "所给政策包属于周期 {given_cycle_id}，不是 {cycle_id}。",
        "The pack given is that of {given_cycle_id}, not of {cycle_id}.",
        "bureau",
    ),
    cycles.RevisionChangesCycle: Fault(
        409,
        "修订不得改变周期 {cycle_id} 的 {field}。",
        "A revision does not change {field} of the cycle {cycle_id}.",
        "bureau",
    ),
    cycles.RevisionChangesNothing: Fault(
        409,
        "所给政策包与周期 {cycle_id} 的第 {revision} 次修订相同。",
        "The pack given is the revision {revision} of {cycle_id}, which is in force.",
        "bureau",
    ),
    cycles.CycleFollowedAlready: Fault(
        409,
        "周期 {cycle_id} 之后已有周期 {followed_by}。",
        "The cycle {cycle_id} is followed by {followed_by} already.",
        "bureau",
    ),
    PackInvalid: Fault(422, "政策包有误，见 faults。", "The policy pack has faults; see faults.", "bureau"),
    ConceptAbsent: Fault(
        422,
        "本周期没有 {concept}：{code}。",
        "The cycle has no {concept} {code}.",
        "caller",
    ),
}

_ORGANISATIONS: Faults = {
    organisations.OrganisationUnknown: Fault(
        404, "没有机构 {organisation_id}。", "There is no organisation {organisation_id}.", "caller"
    ),
    organisations.OrganisationKindUnknown: Fault(
        422,
        "没有机构类别 {kind}。",
        "There is no kind of organisation {kind} that may be registered.",
        "caller",
        "/kind",
    ),
    organisations.OrganisationNameTaken: Fault(
        409,
        "类别 {kind} 中已有名为“{name_zh}”的机构。",
        "A {kind} named {name_zh} is registered already.",
        "caller",
        "/name_zh",
    ),
    organisations.CodeTaken: Fault(
        409, "代码 {code} 已被使用。", "The code {code} is taken.", "caller", "/code"
    ),
    organisations.KindAlreadyHeld: Fault(
        409,
        "类别 {kind} 只有一个机构，且已登记。",
        "There is one {kind} only, and it is registered.",
        "caller",
        "/kind",
    ),
    organisations.DepartmentCodeMissing: Fault(
        422,
        "主管部门“{name_zh}”须有六位代码。",
        "The department {name_zh} needs its code.",
        "caller",
        "/code",
    ),
    organisations.ParentIsNested: Fault(
        409,
        "机构 {parent_id} 自身隶属于他方，不能再有下属。",
        "The organisation {parent_id} is a member body itself and has no members.",
        "caller",
        "/parent_id",
    ),
    organisations.ParentOfOtherKind: Fault(
        422,
        "下属机构须与上级同类：{kind} 与 {parent_kind}。",
        "A member body is of its parent's kind: {kind} is not {parent_kind}.",
        "caller",
        "/parent_id",
    ),
    organisations.OfficeCodeTaken: Fault(
        409, "办公室代码 {code} 已被使用。", "The office code {code} is taken.", "caller", "/code"
    ),
    organisations.OfficeNotRegistered: Fault(
        404, "没有登记的办公室 {office_id}。", "There is no registered office {office_id}.", "caller"
    ),
    organisations.HolderUnknown: Fault(
        404, "没有任职记录 {holder_id}。", "There is no holder {holder_id} of the office.", "caller"
    ),
    organisations.SeatTaken: Fault(
        409,
        "职位 {seat} 设 {seats} 席，{day} 已满。",
        "The seat {seat} has {seats} places; on {day} none is free.",
        "caller",
        "/starts_on",
    ),
    organisations.HolderEnded: Fault(
        409,
        "任职 {holder_id} 已于 {ends_on} 结束。",
        "The time of the holder {holder_id} ends on {ends_on} already.",
        "nobody",
    ),
    organisations.OfficeSeatUnknown: Fault(
        422,
        "已生效的政策包中，办公室 {code} 没有职位 {seat}。",
        "No pack in force gives the office {code} a seat {seat}.",
        "caller",
        "/seat",
    ),
    organisations.HoldingReversed: Fault(
        422,
        "结束日期 {ends_on} 早于开始日期 {starts_on}。",
        "The time ends on {ends_on}, before it begins on {starts_on}.",
        "caller",
        "/ends_on",
    ),
    organisations.OfficeUnknown: Fault(
        404, "没有办公室 {code}。", "There is no office {code}.", "caller", "/offices"
    ),
}

_CLIENTS: Faults = {
    clients.ClientUnknown: Fault(
        404, "没有客户端 {client_id}。", "There is no client {client_id}.", "caller"
    ),
    clients.ClientRevoked: Fault(
        409, "客户端 {client_id} 已吊销。", "The client {client_id} is revoked.", "operator"
    ),
    clients.OfficeHostedElsewhere: Fault(
        409,
        "办公室 {code} 不设在机构 {organisation_id}。",
        "The office {code} is not hosted by {organisation_id}.",
        "caller",
        "/offices",
    ),
    clients.ExpiryPassed: Fault(
        422, "到期时间 {expires_at} 已过。", "The expiry {expires_at} has passed.", "caller", "/expires_at"
    ),
    clients.AlreadyBootstrapped: Fault(
        409, "平台已有运营方。", "The platform has its operator already.", "operator"
    ),
}

_DEADLINES: Faults = {
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

_LIAISON: Faults = {
    liaison.LiaisonFormUnknown: Fault(
        404, "没有信息表 {form_id}。", "There is no liaison form {form_id}.", "caller"
    ),
    liaison.FormFieldUnknown: Fault(
        422, "信息表没有字段 {field}。", "The form has no field {field}.", "submitter", "/fields"
    ),
    liaison.FormFieldMissing: Fault(
        422, "信息表缺少字段 {field}。", "The form lacks the field {field}.", "submitter", "/fields"
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

_DESIGNATIONS: Faults = {
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

_SUSPENSIONS: Faults = {
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
}

ERRORS: Faults = {
    **_CYCLES,
    **_ORGANISATIONS,
    **_CLIENTS,
    **_DEADLINES,
    **_LIAISON,
    **_DESIGNATIONS,
    **_SUSPENSIONS,
    **CLASS_ERRORS,
    **FUND_ERRORS,
    **DISCIPLINE_ERRORS,
    **BASE_ERRORS,
    **ATTACHMENT_ERRORS,
}
