"""What a service hears: `Listener` names the resources it keeps copies of and its handlers of facts.

A handler runs in the runner's transaction, together with others: it neither commits nor reads the clock.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from shared.copies import Copy
from shared.database import Database
from shared.events.envelope import Event, Fact

Handler = Callable[[AsyncSession, Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Brought:
    """A state that has just become the copy of its aggregate, and the copy that stood there before."""

    before: Copy | None
    after: Event


@dataclass(frozen=True, slots=True)
class Job:
    """Work that waits in a service's own tables: `run` does one batch and tells how much of it there was.

    A worker runs it at each wake-up of `topic`, and now and then without one.
    """

    topic: str
    run: Callable[[Database], Awaitable[int]]


@dataclass(frozen=True)
class Listener:
    """`states` are resources (`registry.class`); `handlers` go by the class of the fact's body.

    `on_states` is told, in the runner's transaction, which copies have been replaced by newer ones.
    `on_heard` is told every state of these resources, whatever stands there by now: late ones, and each of
    several at once. It may hear one twice.
    """

    service: str
    states: frozenset[str]
    handlers: Mapping[type[Fact], Handler]
    on_states: Callable[[AsyncSession, Sequence[Brought]], Awaitable[None]] | None = None
    on_heard: Callable[[AsyncSession, Sequence[Event]], Awaitable[None]] | None = None
    jobs: Mapping[str, Job] = field(default_factory=dict)

    @cached_property
    def handlers_by_type(self) -> Mapping[str, Handler]:
        return {fact.TYPE: handler for fact, handler in self.handlers.items()}

    def keeps(self, aggregate: str) -> bool:
        """Tell whether the service keeps a copy of this aggregate."""
        return aggregate.partition("/")[0] in self.states
