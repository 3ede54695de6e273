"""The outbox: events written in the transaction of the change they tell of, published later by the relay.

If it happened, it is said; if it is said, it happened. An event becomes JSON here, once; brokers and inboxes
carry the same text on. What no service listens to is kept as relayed: there is nothing to wait for. An event
may be recorded for one of its listeners alone (`shared/republish.py`).
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import to_json
from sqlalchemy import Column, Index, String, Table, Text, event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

from shared.database import BigId, Instant, notify, plumbing
from shared.events.envelope import Event
from shared.events.listeners import listeners_of
from shared.inserting import insert_rows

TOPIC = "outbox"
_IN_ONE_GO = 100

_unrelayed = text("relayed_at IS NULL")

outbox = Table(
    "outbox",
    plumbing,
    Column("position", BigId, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("only_for", String(40)),
    Column("relayed_at", Instant),
    Column("retry_at", Instant),
    Column("fault", String),
    Index("ix_outbox_unrelayed", "position", sqlite_where=_unrelayed, postgresql_where=_unrelayed),
    Index("ix_outbox_relayed_at", "relayed_at"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """An event on its way: what a broker needs to know, and the text that it carries unread."""

    id: str
    type: str
    body: str
    only_for: str | None = None

    @property
    def receivers(self) -> frozenset[str]:
        return receivers_of(self.type, self.only_for)


def receivers_of(event_type: str, only_for: str | None) -> frozenset[str]:
    """Name who is to receive an event: all that listen, or the one that it is for, if that one listens."""
    listeners = listeners_of(event_type)
    return listeners if only_for is None else listeners & {only_for}


class StatedTwice(Exception):
    """One transaction stated the same aggregate twice; a version would be skipped or told twice."""

    def __init__(self, aggregate: str) -> None:
        super().__init__(aggregate)
        self.aggregate = aggregate


def encode(said: Event) -> Message:
    """Turn an event into the one text that travels."""
    return Message(said.id, said.type, to_json(said.to_wire()).decode())


@dataclass(frozen=True, slots=True)
class Said:
    """Events in the form in which they are recorded, and what they state."""

    messages: list[Message]
    stated: list[str]


async def say(events: Iterable[Event]) -> Said:
    """Turn events into what `record_said` takes, and let others go on after every hundred.

    That is the larger part of recording them and needs no database, so it may be done while that is busy.
    """
    messages: list[Message] = []
    stated: list[str] = []
    for number, one in enumerate(events, 1):
        messages.append(encode(one))
        if one.is_state:
            stated.append(one.subject)
        if number % _IN_ONE_GO == 0:
            await asyncio.sleep(0)
    return Said(messages, stated)


async def record(session: AsyncSession, *events: Event, only_for: str | None = None) -> None:
    """Say these events with the caller's transaction; at most one state of an aggregate in each.

    `only_for` names the one service that is to hear them. Raises StatedTwice, which a command that changes
    one aggregate several times avoids by stating it last.
    """
    await record_said(session, await say(events), only_for=only_for)


async def record_said(session: AsyncSession, said: Said, *, only_for: str | None = None) -> None:
    """Do as `record` with events that were turned into messages before."""
    if not said.messages:
        return
    stated: dict[str, SessionTransaction] = session.info.setdefault("stated", {})
    within = session.sync_session.get_nested_transaction() or session.sync_session.get_transaction()
    if within is None:
        raise RuntimeError("events are recorded inside a transaction")
    for subject in said.stated:
        if subject in stated:
            raise StatedTwice(subject)
        stated[subject] = within
    now = datetime.now(UTC)
    relayed = {
        kind: None if receivers_of(kind, only_for) else now for kind in {one.type for one in said.messages}
    }
    rows = [
        {
            "event_id": one.id,
            "type": one.type,
            "body": one.body,
            "only_for": only_for,
            "relayed_at": relayed[one.type],
        }
        for one in said.messages
    ]
    await insert_rows(session, outbox, rows)
    if None in relayed.values():
        notify(session, TOPIC)


@event.listens_for(Session, "after_soft_rollback")
def _unsay(session: Session, ended: SessionTransaction) -> None:
    """Forget the states that a rolled-back savepoint took back, so that they may be said again."""
    stated: dict[str, SessionTransaction] = session.info.get("stated", {})
    for aggregate in [name for name, within in stated.items() if _is_inside(within, ended)]:
        del stated[aggregate]


def _is_inside(transaction: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while transaction is not None and transaction is not ended:
        transaction = transaction.parent
    return transaction is ended
