"""The token endpoint: RFC 6749 section 4.4 and 5, RFC 9068 claims, RFC 8414 metadata."""

import base64
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import text

from services.registry.bootstrap import Bootstrapped, bootstrap
from services.registry.clients.domain import AlreadyBootstrapped
from tests.support.registry_world import World

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
async def operator(empty: World) -> Bootstrapped:
    async with empty.database.write() as session:
        return await bootstrap(session, now=datetime.now(UTC))


def posted(operator: Bootstrapped, **changes: str) -> dict[str, str]:
    return {**GRANT, "client_id": operator.client_id, "client_secret": operator.secret, **changes}


def basic(client_id: str, secret: str) -> str:
    joined = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(joined.encode()).decode()


async def test_a_token_says_who_its_bearer_is_and_checks_against_the_published_keys(
    empty: World, operator: Bootstrapped
):
    answer = await empty.form(posted(operator))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 600
    jwks = (await empty.act("GET", "/oauth/jwks", by="anonymous")).json()
    assert all("d" not in key for key in jwks["keys"])
    token = jwt.decode(answer.json()["access_token"], KeySet.import_key_set(jwks), algorithms=["ES256"])
    assert token.header["typ"] == "at+jwt"
    claims: dict[str, Any] = token.claims
    assert abs(claims["iat"] - time.time()) < 60
    assert claims["exp"] - claims["iat"] == 600
    assert claims["jti"]
    assert {name: claims[name] for name in ("sub", "client_id", "aud", "org", "kind", "offices")} == {
        "sub": operator.client_id,
        "client_id": operator.client_id,
        "aud": "lingjun",
        "org": operator.organisation_id,
        "kind": "operator",
        "offices": [],
    }
    metadata = (await empty.act("GET", "/.well-known/oauth-authorization-server", by="anonymous")).json()
    assert metadata["issuer"] == claims["iss"]
    assert metadata["token_endpoint"] == f"{claims['iss']}/oauth/token"


async def test_basic_credentials_are_as_good_as_posted_ones(empty: World, operator: Bootstrapped):
    header = basic(operator.client_id, operator.secret)
    assert (await empty.form(GRANT, authorization=header)).status_code == 200


async def test_refusals_are_those_of_rfc_6749(empty: World, operator: Bootstrapped):
    header = basic(operator.client_id, operator.secret)
    nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
    cases: list[tuple[dict[str, str], str | None, int, str]] = [
        ({}, header, 400, "invalid_request"),
        ({"grant_type": "password"}, header, 400, "unsupported_grant_type"),
        (GRANT, None, 401, "invalid_client"),
        (GRANT, "Bearer x", 401, "invalid_client"),
        (GRANT, "Basic !!!", 401, "invalid_client"),
        (GRANT, basic(operator.client_id, "wrong"), 401, "invalid_client"),
        (GRANT, basic(nobody, operator.secret), 401, "invalid_client"),
        (GRANT, basic("nul\x00", "x"), 401, "invalid_client"),
        (posted(operator), header, 400, "invalid_request"),
        (posted(operator, client_secret="wrong"), None, 401, "invalid_client"),
        ({**GRANT, "client_id": nobody}, header, 400, "invalid_request"),
        (posted(operator, scope="everything"), None, 400, "invalid_scope"),
        (posted(operator, client_id="\x00"), None, 400, "invalid_request"),
    ]
    for form, authorization, status, error in cases:
        answer = await empty.form(form, authorization=authorization)
        assert (answer.status_code, answer.json()["error"]) == (status, error), (form, authorization)
        assert ("www-authenticate" in answer.headers) == (status == 401)
    twice = b"grant_type=client_credentials&grant_type=client_credentials"
    assert (await empty.form(twice, authorization=header)).json()["error"] == "invalid_request"
    json = await empty.act("POST", "/oauth/token", GRANT, by="anonymous")
    assert (json.status_code, json.json()["error"]) == (400, "invalid_request")


async def test_the_last_use_is_written_at_most_once_a_minute(empty: World, operator: Bootstrapped):
    async def last_use() -> int:
        async with empty.database.read() as session:
            return int(await session.scalar(text("SELECT last_used_at FROM api_secrets")) or 0)

    await empty.form(posted(operator))
    first = await last_use()
    await empty.form(posted(operator))
    assert await last_use() == first > 0
    async with empty.database.write() as session:
        await session.execute(text("UPDATE api_secrets SET last_used_at = last_used_at - 60000000"))
    await empty.form(posted(operator))
    assert await last_use() > first - 60_000_000


async def test_an_expired_secret_gets_no_token(empty: World, operator: Bootstrapped):
    async with empty.database.write() as session:
        await session.execute(text("UPDATE api_secrets SET expires_at = 1"))
    assert (await empty.form(posted(operator))).json()["error"] == "invalid_client"


async def test_a_platform_is_bootstrapped_once(empty: World, operator: Bootstrapped):
    with pytest.raises(AlreadyBootstrapped):
        async with empty.database.write() as session:
            await bootstrap(session, now=datetime.now(UTC))
    (stated,) = await empty.stated("registry.organisation")
    assert (stated["data"]["id"], stated["data"]["kind"]) == (operator.organisation_id, "operator")
