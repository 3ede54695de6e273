"""Events in: what evaluation keeps copies of; no fact concerns it."""

from services.evaluation.arrivals import mark_arrivals
from shared.events.registry import (
    ClassState,
    CycleState,
    DesignationState,
    OrganisationState,
    PackRevisionState,
)
from shared.listener import Listener

LISTENER = Listener(
    service="evaluation",
    states=frozenset(
        {
            CycleState.RESOURCE,
            PackRevisionState.RESOURCE,
            OrganisationState.RESOURCE,
            ClassState.RESOURCE,
            DesignationState.RESOURCE,
        }
    ),
    handlers={},
    on_states=mark_arrivals,
)
