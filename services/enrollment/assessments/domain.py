"""What is allowed with final reports: handed in until one is accepted, decided once each time."""

from dataclasses import dataclass


@dataclass(eq=False)
class ReportNotFound(Exception):
    report_id: str


@dataclass(eq=False)
class ReportAccepted(Exception):
    """The trainee's report is accepted already: another one would undo that."""

    enrolment_id: str


@dataclass(eq=False)
class ReportDecided(Exception):
    report_id: str
    state: str


def check_not_accepted(enrolment_id: str, status: str) -> None:
    if status == "accepted":
        raise ReportAccepted(enrolment_id=enrolment_id)


def check_submitted(report_id: str, status: str) -> None:
    if status != "submitted":
        raise ReportDecided(report_id=report_id, state=status)
