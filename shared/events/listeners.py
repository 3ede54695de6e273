"""Who hears which event: the routing table of both brokers.

A state goes to every service that keeps a copy, a fact to every service with a handler. An
architecture test compares this table with the services' own `LISTENER`s, so it cannot drift.
"""

from collections.abc import Mapping

from shared.events.certification import CertificateBatchState, CertificateIssued, CertificateState
from shared.events.enrollment import (
    ActivityState,
    CompletionConfirmed,
    CompletionState,
    EnrolmentState,
    EnterpriseState,
    NominationState,
    PersonErased,
    PersonsMerged,
    PersonsParted,
    RosterApproved,
    RosterState,
    SessionState,
    TraineeWithdrawn,
)
from shared.events.envelope import State
from shared.events.evaluation import (
    AssignmentState,
    EvaluationCompleted,
    ResultState,
    RoundState,
    SuspensionDecided,
)
from shared.events.means import DisciplineIncidentState, FundLedgerState, TeachingBaseState
from shared.events.registry import (
    ClassCancelled,
    ClassRevisionState,
    ClassState,
    CycleState,
    DeadlineState,
    DepartmentPlanState,
    DesignationState,
    LiaisonFormState,
    NewsState,
    OfficeState,
    OrganisationState,
    PackRevisionState,
    SeatAllotmentState,
    SuspensionState,
)

STATES: tuple[type[State], ...] = (
    CycleState,
    DeadlineState,
    PackRevisionState,
    OrganisationState,
    OfficeState,
    LiaisonFormState,
    DesignationState,
    SuspensionState,
    ClassState,
    DepartmentPlanState,
    SeatAllotmentState,
    ClassRevisionState,
    NewsState,
    FundLedgerState,
    DisciplineIncidentState,
    TeachingBaseState,
    EnterpriseState,
    NominationState,
    RosterState,
    EnrolmentState,
    SessionState,
    CompletionState,
    ActivityState,
    RoundState,
    AssignmentState,
    ResultState,
    CertificateBatchState,
    CertificateState,
)
"""Every state that is told; `integration` hears them all."""

_COPIED: Mapping[str, frozenset[str]] = {
    CycleState.RESOURCE: frozenset({"enrollment", "evaluation", "certification"}),
    PackRevisionState.RESOURCE: frozenset({"enrollment", "evaluation", "certification"}),
    OrganisationState.RESOURCE: frozenset({"enrollment", "evaluation", "certification"}),
    DeadlineState.RESOURCE: frozenset({"enrollment"}),
    ClassState.RESOURCE: frozenset({"enrollment", "evaluation", "certification"}),
    DesignationState.RESOURCE: frozenset({"evaluation"}),
    RosterState.RESOURCE: frozenset({"registry"}),
}

LISTENERS: Mapping[str, frozenset[str]] = {
    **{one.state_type(): _COPIED.get(one.RESOURCE, frozenset()) | {"integration"} for one in STATES},
    RosterApproved.TYPE: frozenset({"registry"}),
    TraineeWithdrawn.TYPE: frozenset({"registry"}),
    PersonsMerged.TYPE: frozenset({"registry", "certification"}),
    PersonsParted.TYPE: frozenset({"registry", "certification"}),
    PersonErased.TYPE: frozenset({"certification"}),
    EvaluationCompleted.TYPE: frozenset({"registry"}),
    SuspensionDecided.TYPE: frozenset({"registry"}),
    CompletionConfirmed.TYPE: frozenset({"certification"}),
    ClassCancelled.TYPE: frozenset({"enrollment"}),
    CertificateIssued.TYPE: frozenset({"enrollment"}),
}


def listeners_of(event_type: str) -> frozenset[str]:
    """Name the services that must receive events of this type; none is a valid answer."""
    return LISTENERS.get(event_type, frozenset())


def types_heard_by(service: str) -> frozenset[str]:
    """List the event types that the service's queue is bound to."""
    return frozenset(event_type for event_type, services in LISTENERS.items() if service in services)
