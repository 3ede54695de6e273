"""What `enrollment` tells: enterprises, nominations, rosters, enrolments, sessions, completions, activities.

People appear by pseudonymous id only. The one exception is the name that a certificate must
print, in `CompletionConfirmed`, sealed to certification's public key.
"""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Fact, State

ROWS_PER_PART = 500
"""Long facts come in parts of at most this many rows."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ApprovedRow(_Row):
    """One trainee of an approved roster. `head`: counts toward the cycle's floor (C06, Q7)."""

    enrolment_id: str
    person_id: str
    department_id: str
    position: int
    head: bool


class RosterApproved(Fact):
    TYPE: ClassVar[str] = "enrollment.roster_approved.v1"
    roster_id: str
    class_id: str
    number: int
    rows: list[ApprovedRow]


class TraineeWithdrawn(Fact):
    """A trainee has left a class (Q8). `head`: the enrolment held the person's head in the cycle.

    The head passes to the earliest other standing enrolment that may hold it, its heir, if there is one (Q7).
    `replaced_by` is the enrolment that took the place.
    """

    TYPE: ClassVar[str] = "enrollment.trainee_withdrawn.v1"
    enrolment_id: str
    person_id: str
    class_id: str
    head: bool
    heir_enrolment_id: str | None = None
    heir_class_id: str | None = None
    replaced_by: str | None = None


class MovedHeads(_Row):
    """By how many a class has more heads, or fewer when it is below zero (Q7)."""

    class_id: str
    change: int


class JoinedEnrolment(_Row):
    """Of two enrolments of one person in a class, the one that goes on as the other."""

    enrolment_id: str
    class_id: str
    into_enrolment_id: str


class PersonsMerged(Fact):
    """A person was found to be another one, whose id is used from now on; the retired id stays known.

    `heads` are those that the cycles lose, because the two count once; `joined` are enrolments that give
    their places free.
    """

    TYPE: ClassVar[str] = "enrollment.persons_merged.v1"
    merge_id: str
    survivor_id: str
    retired_id: str
    heads: list[MovedHeads]
    joined: tuple[JoinedEnrolment, ...] = ()


class PersonsParted(Fact):
    """A merge was undone: the two are distinct persons again, and count as such.

    `joined` are the enrolments that the merge had joined; each stands by itself again.
    """

    TYPE: ClassVar[str] = "enrollment.persons_parted.v1"
    merge_id: str
    survivor_id: str
    retired_id: str
    heads: list[MovedHeads]
    joined: tuple[JoinedEnrolment, ...] = ()


class PersonErased(Fact):
    """Who a person was is not known any more; `person_ids` are all ids of the person, `person_id` among them.

    What was counted stays. `cause` is request or retention.
    """

    TYPE: ClassVar[str] = "enrollment.person_erased.v1"
    erasure_id: str
    person_id: str
    person_ids: list[str]
    cause: Literal["request", "retention"]


class SealedName(_Row):
    """A name that only certification can open (HPKE, RFC 9180); `key` names the recipient's key."""

    alg: str
    key: str
    sealed: str


def name_purpose(enrolment_id: str) -> str:
    """Say what a name is sealed for (`seal_to`, `open_from`): it cannot be moved to another trainee."""
    return f"{CompletionConfirmed.TYPE}/{enrolment_id}"


class CompletedRow(_Row):
    """A trainee who met the criteria. `position` is the place in the roster, the order of numbers.

    `department_id` is the home department, which may see the certificate (C35).
    """

    enrolment_id: str
    person_id: str
    position: int
    minutes: int
    attendance_percent: int
    name: SealedName
    department_id: str | None = None


class CompletionConfirmed(Fact):
    """Who completed a class, confirmed by whom the pack names (C40); rests on the class and cycle."""

    TYPE: ClassVar[str] = "enrollment.completion_confirmed.v1"
    completion_id: str
    class_id: str
    rows: list[CompletedRow]


class EnterpriseState(State):
    RESOURCE: ClassVar[str] = "enrollment.enterprise"
    uscc: str
    name: str
    department_id: str
    industry_code: str
    size_class: str | None = None
    tier: str | None = None
    status: Literal["proposed", "confirmed"]


class NominationState(State):
    RESOURCE: ClassVar[str] = "enrollment.nomination"
    cycle_id: str
    class_id: str
    person_id: str
    enterprise_id: str
    department_id: str
    channels: list[str]
    target_group: str
    status: str
    findings: tuple[str, ...] = ()


class RosterState(State):
    """A roster carries counts and the hash of its rows; each enrolment is an aggregate of its own."""

    RESOURCE: ClassVar[str] = "enrollment.roster"
    class_id: str
    cycle_id: str
    number: int
    status: Literal["draft", "submitted", "approved", "returned"]
    rows: int
    approved_rows: int = 0
    rows_sha256: str


class EnrolmentState(State):
    RESOURCE: ClassVar[str] = "enrollment.enrolment"
    cycle_id: str
    class_id: str
    person_id: str
    department_id: str
    roster_id: str
    position: int
    head: bool
    status: Literal["enrolled", "withdrawn", "merged", "completed", "not_completed"]
    certificate_number: str | None = None


class SessionState(State):
    RESOURCE: ClassVar[str] = "enrollment.session"
    class_id: str
    title: str
    mode: str
    minutes: int
    starts_at: datetime
    held_on: date | None = None
    attended: int = 0
    planned_visit: int | None = None


class CompletionState(State):
    RESOURCE: ClassVar[str] = "enrollment.completion"
    class_id: str
    cycle_id: str
    status: Literal["proposed", "confirmed"]
    completed: int
    not_completed: int


class ActivityState(State):
    """An activity beside the classes (C21-C23, C42, C43) with its counts; it names nobody."""

    RESOURCE: ClassVar[str] = "enrollment.activity"
    cycle_id: str
    kind: str
    title: str
    status: Literal["planned", "open", "held", "cancelled"]
    organisation_id: str
    place_department_id: str
    starts_on: date
    ends_on: date
    capacity: int
    registered: int = 0
    waiting: int = 0
    attended: int = 0
    facets: dict[str, str] = Field(default_factory=dict)
