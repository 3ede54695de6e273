"""The named errors of organisations, offices and links, numbered; the service's table takes them in."""

from services.registry.organisations import domain as organisations
from shared.problems import Fault, Faults

ORGANISATION_ERRORS: Faults = {
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
    organisations.LinkUnknown: Fault(
        404, "该机构没有关联记录 {link_id}。", "The organisation has no link {link_id}.", "caller"
    ),
    organisations.LinkToItself: Fault(
        422,
        "机构 {organisation_id} 不能与自身关联。",
        "The organisation {organisation_id} is not linked with itself.",
        "caller",
        "/linked_id",
    ),
    organisations.LinkedAlready: Fault(
        409,
        "机构 {organisation_id} 与 {linked_id} 的关联已有记录 {link_id}。",
        "That {organisation_id} and {linked_id} are linked is on record as {link_id}.",
        "nobody",
        "/linked_id",
    ),
    organisations.LinkEnded: Fault(
        409,
        "关联 {link_id} 已于 {ends_on} 结束。",
        "The link {link_id} ends on {ends_on} already.",
        "nobody",
    ),
}
