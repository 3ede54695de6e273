"""What is allowed with enrolments: whom to list, who may leave and until when (Q8)."""

from dataclasses import dataclass

ENDED = frozenset({"withdrawn", "merged"})
"""Who has left, or goes on by another enrolment: neither takes a place in the class or holds a head."""

UNDER_WAY = frozenset({"approved", "running"})
"""The states of a class that trainees may still leave."""


class ListOfNothing(Exception):
    """Neither a class nor a cycle is named."""


@dataclass(eq=False)
class EnrolmentNotFound(Exception):
    enrolment_id: str


@dataclass(eq=False)
class ClassNotUnderWay(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class TraineeNotEnrolled(Exception):
    """The trainee has left already, or completion was confirmed."""

    enrolment_id: str
    state: str


def check_under_way(class_id: str, state: str) -> None:
    if state not in UNDER_WAY:
        raise ClassNotUnderWay(class_id=class_id, state=state)


def check_enrolled(enrolment_id: str, state: str) -> None:
    if state != "enrolled":
        raise TraineeNotEnrolled(enrolment_id=enrolment_id, state=state)
