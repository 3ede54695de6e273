"""The named errors of the record of financial discipline, numbered; the service's table takes them in."""

from services.registry.discipline import domain as discipline
from shared.problems import Fault, Faults

DISCIPLINE_ERRORS: Faults = {
    discipline.IncidentUnknown: Fault(
        404, "没有财经纪律记录 {incident_id}。", "There is no discipline incident {incident_id}.", "caller"
    ),
    discipline.IncidentWithdrawn: Fault(
        409,
        "财经纪律记录 {incident_id} 已撤回。",
        "The discipline incident {incident_id} is withdrawn already.",
        "nobody",
    ),
    discipline.IncidentAhead: Fault(
        422,
        "发生日期 {occurred_on} 晚于今日 {today}。",
        "The incident would happen on {occurred_on}, and today is {today}.",
        "caller",
        "/occurred_on",
    ),
    discipline.ClassOfOtherCycle: Fault(
        422,
        "班级 {class_id} 不属于周期 {cycle_id}。",
        "The class {class_id} is none of the cycle {cycle_id}.",
        "caller",
        "/class_id",
    ),
}
