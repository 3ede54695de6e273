"""Who may carry which kinds of class, after assessment by a third party and open selection (C13).

`applied → assessed → designated`, or `assessed → declined`, where institutions apply; a notice that names
its institutions has them designated at once. `designated → suspended` when an evaluation of the cycle
before bars the institution, `suspended → designated` when that is lifted (Q14).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

DesignationStatus = Literal["applied", "assessed", "declined", "designated", "suspended"]
AssessmentResult = Literal["passed", "failed"]
Decision = Literal["designated", "declined"]
DecisionReason = Literal["selected", "assessment_failed", "evidence_insufficient", "not_selected"]
Reason = Literal[
    "applied",
    "assessment_passed",
    "assessment_failed",
    "selected",
    "evidence_insufficient",
    "not_selected",
    "designated_directly",
    "suspended_by_evaluation",
    "suspension_lifted",
]

APPLIED: DesignationStatus = "applied"
ASSESSED: DesignationStatus = "assessed"
DECLINED: DesignationStatus = "declined"
DESIGNATED: DesignationStatus = "designated"
SUSPENDED: DesignationStatus = "suspended"

HELD = frozenset({DESIGNATED, SUSPENDED})
"""The states of an institution that is designated, suspended or not; only these are public."""

REASONS: Mapping[Reason, tuple[str, str]] = {
    "applied": ("申请承担培训。", "The institution applied."),
    "assessment_passed": ("第三方评估考核合格。", "The third party's assessment was passed."),
    "assessment_failed": ("第三方评估考核不合格。", "The third party's assessment was failed."),
    "selected": ("经公开遴选确定。", "Chosen by open selection."),
    "evidence_insufficient": ("申请材料不足。", "The evidence was not sufficient."),
    "not_selected": ("公开遴选未入选。", "Not chosen by the open selection."),
    "designated_directly": ("按通知所列单位确定。", "Designated as the notice names it."),
    "suspended_by_evaluation": ("因考核评估暂停承担培训任务。", "Suspended by an evaluation."),
    "suspension_lifted": ("暂停已解除。", "The suspension ended."),
}

_REASONS_OF: Mapping[Decision, frozenset[DecisionReason]] = {
    "designated": frozenset({"selected"}),
    "declined": frozenset({"assessment_failed", "evidence_insufficient", "not_selected"}),
}

NEVER_TEACH = frozenset({"operator", "bureau", "department", "evaluator"})
"""Who plans, supervises or evaluates the training does not teach it. Any other body may (C14, 等单位)."""


@dataclass(eq=False)
class DesignationUnknown(Exception):
    designation_id: str


@dataclass(eq=False)
class AlreadyDesignated(Exception):
    """The institution has its designation of this cycle."""

    institution_id: str


@dataclass(eq=False)
class AppliedAlready(Exception):
    """The institution has its application of this cycle, which goes its way and no other."""

    institution_id: str
    designation_id: str
    designation_status: str


@dataclass(eq=False)
class ApplicationStateForbids(Exception):
    designation_id: str
    designation_status: str
    step: str


@dataclass(eq=False)
class AssessmentFailed(Exception):
    """Who failed the assessment of the third party is not designated (C13)."""

    designation_id: str


@dataclass(eq=False)
class AssessmentNotYetHeld(Exception):
    """An assessment is recorded when it has taken place."""

    assessed_on: date
    today: date


@dataclass(eq=False)
class ReasonOfOtherDecision(Exception):
    decision: str
    reason: str


@dataclass(eq=False)
class KindNeverTeaches(Exception):
    """Organisations of this kind carry no classes."""

    institution_id: str
    kind: str


@dataclass(eq=False)
class KindTakesNoDesignation(Exception):
    """Nobody is designated for classes of this kind in this cycle."""

    class_kind: str


@dataclass(eq=False)
class EvidenceMissing(Exception):
    """The cycle asks for this record of how the institution was chosen (C13)."""

    reference: str


@dataclass(eq=False)
class InstitutionNotDesignated(Exception):
    """The institution has no designation for this kind of class."""

    institution_id: str
    class_kind: str


def check_may_teach(institution_id: str, kind: str) -> None:
    if kind in NEVER_TEACH:
        raise KindNeverTeaches(institution_id, kind)


def check_class_kind(class_kind: str, *, takes_designation: bool) -> None:
    if not takes_designation:
        raise KindTakesNoDesignation(class_kind)


def check_evidence(reference: str, value: str | None, *, asked: bool) -> None:
    if asked and value is None:
        raise EvidenceMissing(reference)


def check_step(
    designation_id: str, status: DesignationStatus, *, needs: DesignationStatus, step: str
) -> None:
    if status != needs:
        raise ApplicationStateForbids(designation_id, status, step)


def check_assessed_on(assessed_on: date, now: datetime, zone: str) -> None:
    """Hold the day of an assessment to one that has begun where the cycle is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if assessed_on > today:
        raise AssessmentNotYetHeld(assessed_on, today)


def check_reason(decision: Decision, reason: DecisionReason) -> None:
    if reason not in _REASONS_OF[decision]:
        raise ReasonOfOtherDecision(decision, reason)


def check_passed(designation_id: str, result: AssessmentResult | None) -> None:
    if result != "passed":
        raise AssessmentFailed(designation_id)


def taken(institution_id: str, designation_id: str, status: DesignationStatus) -> Exception:
    """Name what stands in the way of a second designation or application of an institution in a cycle."""
    if status in HELD:
        return AlreadyDesignated(institution_id)
    return AppliedAlready(institution_id, designation_id, status)


def check_covered(institution_id: str, class_kind: str, kinds: Collection[str]) -> None:
    """Refuse an institution that is not designated for this kind of class."""
    if class_kind not in kinds:
        raise InstitutionNotDesignated(institution_id, class_kind)
