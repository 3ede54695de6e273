"""How the refusals of what-ifs are answered; progress refuses nothing: what is not seen is not counted."""

from services.enrollment.progress import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.SharesAboveOne: Fault(
        422,
        "属性 {attribute} 的占比之和超过 1。",
        "The shares of {attribute} come to more than 1.",
        "caller",
        "/add",
    ),
    domain.NothingToDrop: Fault(
        404,
        "周期 {cycle_id} 没有属于这些的在册学员：{ids}。",
        "No trainee of the cycle {cycle_id} stands under these: {ids}.",
        "caller",
        "/drop",
    ),
}
