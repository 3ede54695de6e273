"""When two persons may be one, who decides it, and what stands in the way of a merge.

The published match rule: two persons are alike when their names are equal and so is the phone, or the day
of birth that their documents tell, or an enterprise that nominated them. Likeness merges nobody by itself.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Likeness = Literal["same_name_and_phone", "same_name_and_birth", "same_name_and_enterprise"]
CLOSED = frozenset({"completed", "not_completed"})


@dataclass(eq=False)
class DuplicateNotFound(Exception):
    duplicate_id: str


@dataclass(eq=False)
class DuplicateDecided(Exception):
    duplicate_id: str
    status: str


@dataclass(eq=False)
class MergeNotFound(Exception):
    merge_id: str


@dataclass(eq=False)
class DecisionNotDue(Exception):
    """A person concerned belongs to other departments, which have to be asked, or who reviews rosters."""

    departments: tuple[str, ...]


class PersonsTheSame(Exception):
    """A person cannot be merged into itself."""


@dataclass(eq=False)
class PersonMergedAlready(Exception):
    person_id: str
    merged_into: str


@dataclass(eq=False)
class NominationsOnOpenRoster(Exception):
    """Both persons are nominated for the class, and an open roster names one of the nominations."""

    class_id: str
    roster_ids: tuple[str, ...]


@dataclass(eq=False)
class BothEnrolled(Exception):
    """The completion of one of two trainees of a class is confirmed, and that of the other is not."""

    class_id: str
    enrolment_ids: tuple[str, ...]


@dataclass(eq=False)
class BothCertified(Exception):
    """Both completed one class and hold a certificate of it each; one person is certified once."""

    class_id: str
    certificate_numbers: tuple[str, ...]


@dataclass(eq=False)
class CompletionConfirmedSince(Exception):
    """What two trainees did was joined, and the completion that was judged by it is confirmed by now."""

    class_id: str
    enrolment_ids: tuple[str, ...]


@dataclass(eq=False)
class MergeUndoneAlready(Exception):
    merge_id: str


@dataclass(eq=False)
class MergeOvertaken(Exception):
    """A later merge of one of the persons stands; it is undone first."""

    merge_id: str
    later: tuple[str, ...]


def check_may_decide(organisation_id: str | None, departments: Iterable[str], *, decides_all: bool) -> None:
    """Let who reviews decide on everybody, and a department on those who are wholly its own."""
    named = frozenset(departments)
    if not decides_all and named != {organisation_id}:
        raise DecisionNotDue(departments=tuple(sorted(named - {str(organisation_id)})))


def check_mergeable(survivor_id: str, retired_id: str, merged_into: Mapping[str, str | None]) -> None:
    """Refuse who is retired already: only persons who stand for themselves are merged."""
    for one in (survivor_id, retired_id):
        if survivor := merged_into[one]:
            raise PersonMergedAlready(person_id=one, merged_into=survivor)


@dataclass(frozen=True, slots=True)
class Standing:
    """An enrolment that stands in a class."""

    enrolment_id: str
    status: str
    certificate_number: str | None


def goes_on_as_one(class_id: str, one: Standing, other: Standing) -> bool:
    """Tell of two enrolments of a person in a class whether they are joined, or both closed and stay.

    Two certificates of one person in one class are refused: nothing here can take one of them back.
    """
    if {one.status, other.status} == {"enrolled"}:
        return True
    if not CLOSED.issuperset((one.status, other.status)):
        raise BothEnrolled(
            class_id=class_id, enrolment_ids=tuple(sorted((one.enrolment_id, other.enrolment_id)))
        )
    if one.certificate_number is not None and other.certificate_number is not None:
        raise BothCertified(
            class_id=class_id,
            certificate_numbers=tuple(sorted((one.certificate_number, other.certificate_number))),
        )
    return False


def check_not_confirmed(class_id: str, kept_id: str, joined_id: str, status: str) -> None:
    """Refuse to part what was joined once the enrolment that went on is closed for good."""
    if status in CLOSED:
        raise CompletionConfirmedSince(class_id=class_id, enrolment_ids=(kept_id, joined_id))


def joined_channels(kept: Collection[str], retired: Collection[str]) -> list[str]:
    """List the channels by which only the retired person was put forward: their credit goes over (C34)."""
    return sorted(set(retired) - set(kept))
