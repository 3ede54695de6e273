"""The named errors of plans and seats."""

from services.registry.planning import domain
from shared.problems import Fault, Faults

PLANNING_ERRORS: Faults = {
    domain.KindPlannedTwice: Fault(
        422,
        "班次类型 {class_kind} 在计划中出现两次。",
        "The plan names the kind {class_kind} of class twice.",
        "submitter",
        "/kinds",
    ),
    domain.SeatsOfOtherCycle: Fault(
        422,
        "班次 {class_id} 属于周期 {class_cycle_id}。",
        "The class {class_id} belongs to the cycle {class_cycle_id}.",
        "caller",
        "/class_id",
    ),
    domain.SeatsOfOtherInstitution: Fault(
        422,
        "机构 {institution_id} 既不主办也不承担班次 {class_id}。",
        "The institution {institution_id} neither leads nor teaches the class {class_id}.",
        "caller",
        "/institution_id",
    ),
    domain.AllottedTwiceHere: Fault(
        422,
        "与第 {first_index} 项分配的是同一处名额。",
        "The item {first_index} allots the same seats.",
        "caller",
    ),
}
