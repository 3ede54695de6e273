"""The named errors of links between organisations, numbered; the service's table takes them in."""

from services.registry.organisations import domain as organisations
from shared.problems import Fault, Faults

LINK_ERRORS: Faults = {
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
