"""The named errors of cycles and policy packs, numbered; the service's table takes them in."""

from services.registry.cycles import domain as cycles
from shared.events.policy import ConceptAbsent, PackInvalid
from shared.problems import Fault, Faults

CYCLE_ERRORS: Faults = {
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
