"""Who hears which event: the routing table of both brokers.

A state goes to every service that keeps a copy, a fact to every service with a handler. An
architecture test compares this table with the services' own `LISTENER`s, so it cannot drift.
"""

from collections.abc import Mapping

from shared.events.certification import CertificateIssued
from shared.events.enrollment import CompletionConfirmed, RosterApproved
from shared.events.registry import ClassState, CycleState, OrganisationState

LISTENERS: Mapping[str, frozenset[str]] = {
    CycleState.state_type(): frozenset({"enrollment", "certification"}),
    OrganisationState.state_type(): frozenset({"enrollment", "certification"}),
    ClassState.state_type(): frozenset({"enrollment", "certification"}),
    RosterApproved.TYPE: frozenset({"registry"}),
    CompletionConfirmed.TYPE: frozenset({"certification"}),
    CertificateIssued.TYPE: frozenset({"enrollment"}),
}


def listeners_of(event_type: str) -> frozenset[str]:
    """Name the services that must receive events of this type; none is a valid answer."""
    return LISTENERS.get(event_type, frozenset())


def types_heard_by(service: str) -> frozenset[str]:
    """List the event types that the service's queue is bound to."""
    return frozenset(event_type for event_type, services in LISTENERS.items() if service in services)
