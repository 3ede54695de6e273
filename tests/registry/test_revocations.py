"""Revocations are listed for as long as a token of the client may run, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from services.registry.clients.domain import REVOCATION_LISTED, TOKEN_LIFETIME
from services.registry.clients.models import ApiClient
from services.registry.clients.queries import list_revoked
from tests.support.registry_world import World

REVOKED_AT = datetime(2023, 1, 1, tzinfo=UTC)


@pytest.fixture
async def client_id(world: World) -> str:
    """Keep a client that was revoked at that instant."""
    client = ApiClient(
        organisation_id=world.ids["甲大学"],
        name="甲大学教务系统",
        offices=[],
        created_at=REVOKED_AT - timedelta(days=1),
        revoked_at=REVOKED_AT,
    )
    async with world.database.write() as session:
        session.add(client)
    return client.id


async def listed(world: World, after: timedelta) -> list[str]:
    async with world.database.read() as session:
        return (await list_revoked(session, REVOKED_AT + after)).client_ids


async def test_a_revocation_is_listed_from_its_instant_until_the_last_token_has_expired(
    world: World, client_id: str
):
    """A token may still be issued while the revocation waits for its commit; it is covered for a minute."""
    for seconds in (0, 1, 60, 600):
        assert await listed(world, timedelta(seconds=seconds)) == [client_id]
    for waited in range(60):
        last_token_ends = timedelta(seconds=waited) + TOKEN_LIFETIME
        assert last_token_ends < REVOCATION_LISTED
        if waited % 20 == 0:
            assert await listed(world, last_token_ends) == [client_id]
    assert await listed(world, REVOCATION_LISTED - timedelta(microseconds=1)) == [client_id]
    assert await listed(world, REVOCATION_LISTED) == []
