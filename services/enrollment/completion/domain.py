"""Who completed a class (C40, Q10): judged by the criteria of the filed plan, every reason with its numbers.

Percentages are whole numbers rounded down, which never turns a miss into a pass.
"""

from dataclasses import dataclass
from typing import Literal

ReasonCode = Literal[
    "attendance_met",
    "attendance_short",
    "minutes_met",
    "minutes_short",
    "online_met",
    "online_short",
    "report_accepted",
    "report_missing",
    "scores_met",
    "scores_short",
]

_SENTENCES: dict[ReasonCode, tuple[str, str]] = {
    "attendance_met": (
        "出勤率 {measured}%，达到要求的 {required}%。",
        "Attendance {measured}%, {required}% required.",
    ),
    "attendance_short": (
        "出勤率 {measured}%，低于要求的 {required}%。",
        "Attendance {measured}%, below the {required}% required.",
    ),
    "minutes_met": (
        "学习 {measured} 分钟，达到要求的 {required} 分钟。",
        "{measured} minutes attended, {required} required.",
    ),
    "minutes_short": (
        "学习 {measured} 分钟，少于要求的 {required} 分钟。",
        "{measured} minutes attended, fewer than the {required} required.",
    ),
    "online_met": (
        "线上学习 {measured} 分钟，达到要求的 {required} 分钟。",
        "{measured} minutes learnt online, {required} required.",
    ),
    "online_short": (
        "线上学习 {measured} 分钟，少于要求的 {required} 分钟。",
        "{measured} minutes learnt online, fewer than the {required} required.",
    ),
    "report_accepted": ("结业报告已通过。", "The final report is accepted."),
    "report_missing": ("没有已通过的结业报告。", "No final report is accepted."),
    "scores_met": (
        "考核课程 {required} 门，均达到最低分。",
        "All {required} examined courses reach the least score.",
    ),
    "scores_short": (
        "考核课程 {required} 门，达到最低分的 {measured} 门。",
        "{measured} of {required} examined courses reach the least score.",
    ),
}


@dataclass(eq=False)
class CompletionNotFound(Exception):
    completion_id: str


@dataclass(eq=False)
class ClassNotFinished(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class CriteriaMissing(Exception):
    class_id: str


@dataclass(eq=False)
class NothingHeld(Exception):
    """No session of the class has any attendance: there is nothing to judge by."""

    class_id: str


@dataclass(eq=False)
class NobodyEnrolled(Exception):
    class_id: str


@dataclass(eq=False)
class CompletionConfirmedAlready(Exception):
    completion_id: str


@dataclass(eq=False)
class ConfirmerIsProposer(Exception):
    completion_id: str


@dataclass(eq=False)
class ProposalOutdated(Exception):
    """Enrolments, attendance or criteria changed since the proposal was computed."""

    completion_id: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked of a trainee; `min_score` in hundredths, None: scores are not looked at."""

    min_attendance_percent: int
    min_minutes: int
    min_online_minutes: int = 0
    report_required: bool = False
    min_score: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """What a trainee did: minutes attended and learnt online, the report, and the courses passed."""

    minutes: int
    online_minutes: int = 0
    report_accepted: bool = False
    courses_passed: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion, what was measured and what the plan requires."""

    code: ReasonCode
    measured: int
    required: int

    @property
    def zh(self) -> str:
        return _SENTENCES[self.code][0].format(measured=self.measured, required=self.required)

    @property
    def en(self) -> str:
        return _SENTENCES[self.code][1].format(measured=self.measured, required=self.required)


@dataclass(frozen=True, slots=True)
class Judgement:
    met: bool
    attendance_percent: int
    reasons: tuple[Reason, ...]


def judge(did: Learning, *, held: int, examined: int, criteria: Criteria) -> Judgement:
    """Compare what one trainee did with the criteria; each that is asked gives one reason.

    `held` are the minutes of all sessions held, `examined` the courses in which the class was examined; where
    scores are asked and no course was examined, nobody has passed.
    """
    percent = did.minutes * 100 // held
    reasons = [_reason("attendance_met", "attendance_short", percent, criteria.min_attendance_percent)]
    if criteria.min_minutes:
        reasons.append(_reason("minutes_met", "minutes_short", did.minutes, criteria.min_minutes))
    if criteria.min_online_minutes:
        reasons.append(_reason("online_met", "online_short", did.online_minutes, criteria.min_online_minutes))
    if criteria.report_required:
        reasons.append(_reason("report_accepted", "report_missing", int(did.report_accepted), 1))
    if criteria.min_score is not None:
        reasons.append(_reason("scores_met", "scores_short", did.courses_passed, max(examined, 1)))
    return Judgement(all(one.measured >= one.required for one in reasons), percent, tuple(reasons))


def _reason(met: ReasonCode, short: ReasonCode, measured: int, required: int) -> Reason:
    return Reason(met if measured >= required else short, measured, required)


def check_finished(class_id: str, state: str) -> None:
    if state != "finished":
        raise ClassNotFinished(class_id=class_id, state=state)


def check_proposed(completion_id: str, status: str) -> None:
    if status != "proposed":
        raise CompletionConfirmedAlready(completion_id=completion_id)


def check_confirmer(completion_id: str, confirmer: str, proposer: str) -> None:
    """Compare who acts, not for which organisation (Q16)."""
    if confirmer == proposer:
        raise ConfirmerIsProposer(completion_id=completion_id)
