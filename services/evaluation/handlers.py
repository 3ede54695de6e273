"""Events in: what evaluation keeps copies of."""

from shared.events.registry import ClassState, CycleState, DesignationState, OrganisationState
from shared.listener import Listener

LISTENER = Listener(
    service="evaluation",
    states=frozenset(
        {CycleState.RESOURCE, OrganisationState.RESOURCE, ClassState.RESOURCE, DesignationState.RESOURCE}
    ),
    handlers={},
)
