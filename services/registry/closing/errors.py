"""The named errors of closing, numbered; the service's table takes them in."""

from services.registry.closing import domain as closing
from shared.problems import Fault, Faults

CLOSING_ERRORS: Faults = {
    closing.ClassesUnfinished: Fault(
        409,
        "周期 {cycle_id} 有 {count} 个班级既未结束也未取消：{class_ids}。",
        "Of {cycle_id}, {count} classes are neither finished nor cancelled: {class_ids}.",
        "organisation",
    ),
    closing.RostersOpen: Fault(
        409,
        "周期 {cycle_id} 有 {count} 份名单尚未办结：{roster_ids}。",
        "Of {cycle_id}, {count} rosters are not decided: {roster_ids}.",
        "reviewer",
    ),
    closing.EvaluationNotFinal: Fault(
        409,
        "周期 {cycle_id} 有 {count} 个机构的考核评估尚未办结：{institution_ids}。",
        "Of {cycle_id}, {count} institutions are not evaluated to the end: {institution_ids}.",
        "bureau",
    ),
}
