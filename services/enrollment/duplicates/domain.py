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
    """Both are trainees of one class whose completion is not confirmed: one of them has to leave first."""

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


def check_enrolled_once(class_id: str, standing: Mapping[str, str]) -> None:
    """Refuse two standing enrolments (status by id) in one class unless both are closed for good."""
    if not CLOSED.issuperset(standing.values()):
        raise BothEnrolled(class_id=class_id, enrolment_ids=tuple(sorted(standing)))


def joined_channels(kept: Collection[str], retired: Collection[str]) -> list[str]:
    """List the channels by which only the retired person was put forward: their credit goes over (C34)."""
    return sorted(set(retired) - set(kept))
