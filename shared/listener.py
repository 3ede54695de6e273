"""What a service hears: `Listener` names the resources it keeps copies of and its handlers of facts.

A handler runs in the runner's transaction, together with others: it neither commits nor reads the clock.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from shared.events.envelope import Event, Fact

Handler = Callable[[AsyncSession, Event], Awaitable[None]]


@dataclass(frozen=True)
class Listener:
    """`states` are resources (`registry.class`); `handlers` go by the class of the fact's body."""

    service: str
    states: frozenset[str]
    handlers: Mapping[type[Fact], Handler]

    @cached_property
    def handlers_by_type(self) -> Mapping[str, Handler]:
        return {fact.TYPE: handler for fact, handler in self.handlers.items()}

    def keeps(self, aggregate: str) -> bool:
        """Tell whether the service keeps a copy of this aggregate."""
        return aggregate.partition("/")[0] in self.states
