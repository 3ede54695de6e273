"""What counts as rest: `until_settled` waits for whatever is on its way, and says what never came."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, MetaData, Table, insert, update

from shared.database import BigId
from shared.inbox import store
from shared.outbox import encode, record
from tests.crash import settled
from tests.crash.settled import NeverSettled, until_settled
from tests.support.databases import NewDatabase
from tests.support.events import class_state, completion

feed = MetaData()
changes = Table(
    "changes", feed, Column("position", BigId, primary_key=True), Column("number", BigId, nullable=True)
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled, "_PATIENCE_SECONDS", 0.3)


async def test_a_change_without_a_number_is_not_at_rest(new_database: NewDatabase):
    integration = await new_database("integration", feed)
    async with integration.write() as session:
        await session.execute(insert(changes), [{"number": 1}, {"number": None}])
    with pytest.raises(NeverSettled, match="integration: 1 unnumbered"):
        await until_settled([integration])
    async with integration.write() as session:
        await session.execute(update(changes).values(number=2).where(changes.c.number.is_(None)))
    await until_settled([integration])


async def test_an_event_that_is_not_handled_is_not_at_rest(new_database: NewDatabase):
    certification = await new_database("certification")
    await store(certification, [encode(completion())], datetime.now(UTC))
    with pytest.raises(NeverSettled, match="certification: 1 due"):
        await until_settled([certification])


async def test_an_event_that_a_listener_never_heard_is_found(new_database: NewDatabase):
    databases = [await new_database(name) for name in ("enrollment", "certification")]
    async with databases[0].write() as session:
        await record(session, class_state("a"))
        await session.execute(settled.outbox.update().values(relayed_at=datetime.now(UTC)))
    with pytest.raises(NeverSettled, match="never heard 1"):
        await until_settled(databases)


async def test_an_event_for_one_service_is_awaited_there_alone(new_database: NewDatabase):
    databases = [await new_database(name) for name in ("registry", "enrollment", "certification")]
    said = class_state("a")
    async with databases[0].write() as session:
        await record(session, said)
        await session.execute(
            settled.outbox.update().values(relayed_at=datetime.now(UTC), only_for="certification")
        )
    await store(databases[2], [encode(said)], datetime.now(UTC))
    async with databases[2].write() as session:
        await session.execute(settled.inbox.update().values(status="done"))
    await until_settled(databases)
