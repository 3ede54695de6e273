"""Events in: integration keeps a copy of every state that is told."""

from shared.events.listeners import STATES
from shared.listener import Listener

LISTENER = Listener(service="integration", states=frozenset(state.RESOURCE for state in STATES), handlers={})
