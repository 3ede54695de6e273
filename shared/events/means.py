"""What `registry` tells of the means of training: the money of classes, its discipline, teaching bases."""

from datetime import date
from typing import ClassVar, Literal

from shared.events.envelope import Fact, State


class FundLedgerState(State):
    """What the ledger of a class comes to, in integer fen (C33); its id is that of the class.

    Both sums are less what was reversed: what came in by funding line, what was spent by kind of cost.
    """

    RESOURCE: ClassVar[str] = "registry.fund_ledger"
    cycle_id: str
    entries: int
    funded_fen: dict[str, int]
    spent_fen: dict[str, int]


class FundEntryPosted(Fact):
    """An entry of the ledger of a class, in integer fen; one that `reverses_id` another takes it back (C33).

    `item` is the funding line or the kind of cost. `exceeded` names what an expense went over, with reason.
    """

    TYPE: ClassVar[str] = "registry.fund_entry_posted.v1"
    entry_id: str
    class_id: str
    number: int
    kind: Literal["funding", "expense"]
    item: str
    amount_fen: int
    dated_on: date
    exceeded: tuple[str, ...] = ()
    reverses_id: str | None = None


class DisciplineIncidentState(State):
    """That a decision found an incident of financial discipline (C33); its words stay in `registry`.

    `organisation_id` is whom it concerns: where `class_id` is told, the lead of that class.
    """

    RESOURCE: ClassVar[str] = "registry.discipline_incident"
    cycle_id: str
    class_id: str | None = None
    organisation_id: str
    occurred_on: date
    decision_reference: str
    status: Literal["recorded", "withdrawn"]


class DisciplineIncidentRecorded(Fact):
    """That an incident of financial discipline was recorded, and whom it concerns (C33)."""

    TYPE: ClassVar[str] = "registry.discipline_incident_recorded.v1"
    incident_id: str
    class_id: str | None = None
    organisation_id: str
    occurred_on: date


class TeachingBaseState(State):
    """An enterprise at which trainees learn in practice, valid on all days of its validity (C27).

    `ended_on` is the first day on which an ended one is none any more.
    """

    RESOURCE: ClassVar[str] = "registry.teaching_base"
    cycle_id: str
    uscc: str
    name_zh: str
    name_en: str | None = None
    department_id: str
    special_topics: list[str]
    valid_from: date
    valid_until: date
    status: Literal["designated", "ended"]
    ended_on: date | None = None


class TeachingBaseDesignated(Fact):
    """That an enterprise was made a teaching base, in the jurisdiction of a department (C27)."""

    TYPE: ClassVar[str] = "registry.teaching_base_designated.v1"
    base_id: str
    department_id: str
    valid_from: date
    valid_until: date
