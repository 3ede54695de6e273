"""Who completed a class (C40, Q10): judged by the criteria of the filed plan, every reason with its numbers.

Percentages are whole numbers rounded down, which never turns a miss into a pass.
"""

from dataclasses import dataclass
from typing import Literal

ReasonCode = Literal["attendance_met", "attendance_short", "minutes_met", "minutes_short"]

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
    min_attendance_percent: int
    min_minutes: int


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


def judge(minutes: int, *, held: int, criteria: Criteria) -> Judgement:
    """Compare the minutes of one trainee with the plan; `held` are the minutes of all sessions held."""
    percent = minutes * 100 // held
    enough = percent >= criteria.min_attendance_percent
    reasons = [
        Reason("attendance_met" if enough else "attendance_short", percent, criteria.min_attendance_percent)
    ]
    if criteria.min_minutes:
        long_enough = minutes >= criteria.min_minutes
        reasons.append(
            Reason("minutes_met" if long_enough else "minutes_short", minutes, criteria.min_minutes)
        )
        enough = enough and long_enough
    return Judgement(enough, percent, tuple(reasons))


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
