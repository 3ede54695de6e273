"""What a broker is, and the one of the embedded home: it puts events straight into the listeners' inboxes.

A broker's promise: what `publish` does not refuse will reach the inbox of every deployed receiver, at least
once, in no order. The publisher holds no transaction open, so two services cannot wait for each other.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog

from shared.database import Database
from shared.inbox import store
from shared.outbox import Message
from shared.redacted import describe

Keep = Callable[[Sequence[Message]], Awaitable[None]]
"""Stores messages for good; only then may they be acknowledged."""

NO_QUEUE = "no queue"

_log = structlog.get_logger(__name__)


class Broker(Protocol):
    @property
    def deployed(self) -> frozenset[str]:
        """The services that run here; others may be named as listeners and miss nothing."""
        ...

    async def publish(self, messages: Sequence[Message]) -> Mapping[str, str]:
        """Publish; return the ids of what was refused, with the reason. Raises when nothing is sure."""
        ...

    async def consume(self, service: str, keep: Keep, stop: asyncio.Event) -> None:
        """Hand what arrives for the service to `keep` until `stop`; finish what was begun."""
        ...


class InProcessBroker:
    """Delivers within one process, from relay to inbox; the inboxes are its queues.

    `deployed` are the services that must hear their events, by default those with a database here.
    """

    def __init__(self, databases: Mapping[str, Database], deployed: frozenset[str] | None = None) -> None:
        self.databases = dict(databases)
        self.deployed = frozenset(databases) if deployed is None else deployed

    async def publish(self, messages: Sequence[Message]) -> Mapping[str, str]:
        refused: dict[str, str] = {}
        queues: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            for service in sorted(message.receivers & self.deployed):
                if service in self.databases:
                    queues[service].append(message)
                else:
                    refused[message.id] = NO_QUEUE
        for service, queue in queues.items():
            try:
                await store(self.databases[service], queue, datetime.now(UTC))
            except Exception as error:  # noqa: BLE001 - one service's fault must not hold up the others
                refused.update(dict.fromkeys((message.id for message in queue), describe(error)))
                _log.warning("inbox not reached", service=service, fault=describe(error))
        return refused

    async def consume(self, service: str, keep: Keep, stop: asyncio.Event) -> None:  # noqa: ARG002 - published is delivered
        await stop.wait()
