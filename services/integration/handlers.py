"""Events in: integration keeps a copy of every state that is told, and makes a change of each."""

from services.integration.feed import TOPIC, add_changes, number_changes
from shared.events.listeners import STATES
from shared.listener import Job, Listener

LISTENER = Listener(
    service="integration",
    states=frozenset(state.RESOURCE for state in STATES),
    handlers={},
    on_states=add_changes,
    jobs={"numbering": Job(TOPIC, number_changes)},
)
