"""API clients over HTTP: made by the operator, rotated without a gap, revoked for good."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from services.registry.clients.domain import TOKEN_LIFETIME
from services.registry.clients.queries import list_revoked
from tests.support.registry_world import World, problem

SOON = (datetime.now(UTC) + timedelta(days=1)).isoformat()


async def make(world: World, name: str = "甲大学", **changes: Any) -> httpx.Response:
    body = {"organisation_id": world.ids[name], "name": "接口", **changes}
    return await world.act("POST", "/v1/api-clients", body, by="operator")


async def ask(world: World, client_id: str, secret: str, **form: str) -> httpx.Response:
    return await world.form(
        {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, **form}
    )


async def test_a_secret_is_shown_once_and_kept_as_a_digest(world: World):
    key = {"Idempotency_Key": "client-1"}
    body = {"organisation_id": world.ids["甲大学"], "name": "接口"}
    made = await world.act("POST", "/v1/api-clients", body, by="operator", **key)
    again = await world.act("POST", "/v1/api-clients", body, by="operator", **key)
    secret = made.json()["secret"]
    assert len(secret) >= 43
    assert made.headers["cache-control"] == "no-store"
    assert again.json()["client_id"] == made.json()["client_id"]
    assert again.json()["secret"] is None
    listed = await world.act("GET", "/v1/api-clients", by="operator")
    assert secret not in listed.text
    async with world.database.read() as session:
        (row,) = (await session.execute(text("SELECT algorithm, digest FROM api_secrets"))).all()
        assert row.algorithm == "sha-256"
        for table in ("api_secrets", "outbox", "idempotency_keys"):
            rows = (await session.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608 - names of this test
            assert secret not in repr(rows)


async def test_two_secrets_are_live_and_a_third_ends_the_oldest(world: World):
    made = (await make(world)).json()
    secrets = [made["secret"]]
    for _ in range(2):
        path = f"/v1/api-clients/{made['id']}/secrets"
        rotated = await world.act("POST", path, {}, by="operator")
        assert rotated.status_code == 201, rotated.text
        secrets.append(rotated.json()["secret"])
        assert len(rotated.json()["secrets"]) == 2
    statuses = [(await ask(world, made["id"], secret)).status_code for secret in secrets]
    assert statuses == [401, 200, 200]


async def test_a_client_rotates_its_own_secret_and_no_other(world: World):
    made = (await make(world)).json()
    path = f"/v1/api-clients/{made['id']}/secrets"
    stranger = await world.act("POST", path, {}, by="甲大学")
    assert problem(stranger, 404) == "client-unknown"
    own = await world.act("POST", path, {}, by="甲大学", principal=made["id"])
    assert own.status_code == 201


async def test_a_revoked_client_gets_no_token_and_is_listed_for_the_gateway(world: World):
    made = (await make(world)).json()
    path = f"/v1/api-clients/{made['id']}/revocation"
    assert problem(await world.act("POST", path, {}, by="部中小企业局"), 403) == "caller-not-allowed"
    revoked = await world.act("POST", path, {}, by="operator")
    assert revoked.json()["revoked_at"] is not None
    assert (await ask(world, made["id"], made["secret"])).json()["error"] == "invalid_client"
    listed = await world.act("GET", "/oauth/revocations", by="anonymous")
    assert listed.json() == {"client_ids": [made["id"]]}
    assert problem(await world.act("POST", path, {}, by="operator"), 409) == "client-revoked"
    rotate = await world.act("POST", f"/v1/api-clients/{made['id']}/secrets", {}, by="operator")
    assert problem(rotate, 409) == "client-revoked"


async def test_what_stands_in_the_way_of_a_client_is_named(world: World):
    assert problem(await make(world, offices=["no_office"]), 404) == "office-unknown"
    assert problem(await make(world, offices=["coordination_office"]), 409) == "office-hosted-elsewhere"
    assert problem(await make(world, expires_at="2020-01-01T00:00:00Z"), 422) == "expiry-passed"
    assert problem(await make(world, expires_at="tomorrow"), 422) == "invalid-request"
    hosted = await make(world, "人才交流中心", offices=["coordination_office"], expires_at=SOON)
    assert hosted.json()["offices"] == ["coordination_office"]
    answer = await world.act("POST", "/v1/api-clients", {}, by="部中小企业局")
    assert problem(answer, 403) == "caller-not-allowed"


async def test_a_client_is_found_where_its_answer_says_by_its_organisation_and_the_operator(world: World):
    made = await make(world, "甲大学")
    path = made.headers["location"]
    for name, status in (("甲大学", 200), ("operator", 200), ("乙大学", 404), ("部中小企业局", 404)):
        shown = await world.act("GET", path, by=name)
        assert (name, shown.status_code) == (name, status)
        if status == 200:
            assert (shown.json()["id"], shown.headers["etag"]) == (made.json()["id"], '"1"')
            assert made.json()["secret"] not in shown.text


async def test_a_revocation_is_listed_longer_than_any_token_lives(world: World):
    made = (await make(world)).json()
    await world.act("POST", f"/v1/api-clients/{made['id']}/revocation", {}, by="operator")
    now = datetime.now(UTC)
    async with world.database.read() as session:
        just_over = await list_revoked(session, now + TOKEN_LIFETIME + timedelta(seconds=30))
        long_over = await list_revoked(session, now + 2 * TOKEN_LIFETIME)
    assert (just_over.client_ids, long_over.client_ids) == ([made["id"]], [])


async def test_an_organisation_lists_its_own_clients_alone(world: World):
    await make(world, "甲大学")
    await make(world, "乙大学")
    own = (await world.act("GET", "/v1/api-clients", by="甲大学")).json()["items"]
    assert [client["organisation_id"] for client in own] == [world.ids["甲大学"]]
    assert len((await world.act("GET", "/v1/api-clients", by="operator")).json()["items"]) == 2
