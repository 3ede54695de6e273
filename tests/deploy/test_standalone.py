"""The embedded home: ready from nothing, whole after a kill, alone on its folder, strict in production."""

import asyncio
import base64
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.home import HomeTaken, alone
from deploy.standalone import Home, running
from gateway.server import PortTaken, listen
from shared.keys import KeyMissing, KeyRing
from shared.rotation import TOKENS
from tests.gateway.test_openapi import check

NOW = {"Lingjun-Now": "2022-07-01T09:00:00+08:00"}


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put back what a home sets for its process: the next test must not inherit it."""
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        yield home


@pytest.fixture
async def http(home: Home) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=home.address, timeout=20.0) as client:
        yield client


async def sign_in(http: httpx.AsyncClient, folder: Path) -> dict[str, str]:
    shown = json.loads((folder / "bootstrap.json").read_text())
    answer = await http.post(
        "/oauth/token",
        auth=(shown["client_id"], shown["client_secret"]),
        data={"grant_type": "client_credentials"},
    )
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def test_from_nothing_everything_is_ready_and_the_operator_can_sign_in(
    home: Home, http: httpx.AsyncClient
):
    assert (await http.get("/readyz")).json()["status"] == "ready"
    operators = await http.get("/v1/organisations", headers=await sign_in(http, home.folder))
    assert [item["kind"] for item in operators.json()["items"]] == ["operator"]
    assert stat.S_IMODE(home.bootstrap_file.stat().st_mode) == 0o600


async def test_a_service_whose_database_lies_behind_its_code_is_not_ready(
    home: Home, http: httpx.AsyncClient
):
    for name, database in home.databases.items():
        async with database.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()["services"][name]) == (503, "not ready")


async def test_the_merged_document_is_sound_and_every_operation_declares_its_callers(
    http: httpx.AsyncClient,
):
    document = (await http.get("/openapi.json")).json()
    check(document)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["x-callers"], f"{method} {path}"


async def test_the_public_catalogue_may_be_kept_by_caches_beyond_the_door(http: httpx.AsyncClient):
    first = await http.get("/v1/catalogue/cycles")
    assert first.headers["cache-control"] == "public, max-age=60"
    again = await http.get("/v1/catalogue/cycles", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_no_bad_request_makes_any_operation_fail(home: Home, http: httpx.AsyncClient):
    signed_in = await sign_in(http, home.folder)
    document = (await http.get("/openapi.json")).json()
    for path, item in document["paths"].items():
        for method in item:
            for bad in _bad_requests(path):
                answer = await http.request(method, headers=signed_in | bad.pop("headers", {}), **bad)
                said = f"{method} {bad['url']}: {answer.status_code} {answer.text[:200]}"
                assert answer.status_code < 500, said
                if answer.status_code >= 400 and not path.startswith(("/oauth", "/verify")):
                    assert answer.headers["content-type"] == "application/problem+json", said
                    assert answer.json()["fixed_by"], said


def _bad_requests(path: str) -> list[dict[str, Any]]:
    """Broken JSON, wrong types, unknown fields, wrong ids and parameters, an unreadable time."""
    words = [part.partition("}")[0] for part in path.split("{")[1:]]
    wrong, unknown = path, path
    for word in words:
        wrong = wrong.replace(f"{{{word}}}", "no%00such%ff")
        unknown = unknown.replace(f"{{{word}}}", "01a20136-8d39-7e1e-aff4-0f4ce85692a8")
    typed = {"content-type": "application/json"}
    return [
        {"url": unknown, "content": b"{broken", "headers": typed},
        {"url": unknown, "content": b'{"items": 7, "unknown": "\\ud800"}', "headers": typed},
        {"url": unknown, "content": b"[" * 5_000, "headers": typed},
        {"url": unknown, "content": b"\xff\xfe", "headers": {"content-type": "text/plain"}},
        {"url": f"{wrong}?limit=many&after=%00&cycle_id=%ff"},
        {"url": unknown, "headers": {"Lingjun-Now": "soon"}},
        {"url": unknown, "headers": {"If-Match": "x", "Idempotency-Key": b"\xe9" * 300}},
    ]


async def test_one_home_is_for_one_process(tmp_path: Path):
    with alone(tmp_path), pytest.raises(HomeTaken):
        async with running(tmp_path, port=0, mode="rehearsal"):
            pass


async def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path):
    with listen("127.0.0.1", 0) as taken, pytest.raises(PortTaken):
        async with running(tmp_path, port=taken.getsockname()[1], mode="rehearsal"):
            pass
    assert os.listdir(tmp_path) == ["lock"]  # noqa: PTH208  pathlib would block as well


async def test_production_makes_no_key_by_itself(tmp_path: Path):
    with pytest.raises(KeyMissing):
        async with running(tmp_path, port=0, mode="production"):
            pass


async def test_production_refuses_the_time_of_a_rehearsal(tmp_path: Path):
    KeyRing(tmp_path / "keys").make_missing()
    async with (
        running(tmp_path, port=0, mode="production") as home,
        httpx.AsyncClient(base_url=home.address) as http,
    ):
        dated = await http.get("/v1/policy-packs", headers=NOW)
        undated = await http.get("/v1/policy-packs")
    assert (dated.status_code, undated.status_code) == (400, 200)
    assert dated.json()["type"] == "urn:lingjun:problem:now-refused"


async def test_a_running_home_takes_new_token_keys_and_refuses_no_token(home: Home, http: httpx.AsyncClient):
    """Rotate beside it, then as if long ago, then replace: published at once, signing when settled, alone."""
    (first,) = await published(http)
    earlier = await sign_in(http, home.folder)
    new = KeyRing(home.folder / "keys").rotate("token-signing")
    await until_published(http, {first, new})
    meanwhile = await sign_in(http, home.folder)
    assert [signer(token) for token in (earlier, meanwhile)] == [first, first]
    age_keys(home.folder, TOKENS.settling)
    async with asyncio.timeout(10):
        while signer(later := await sign_in(http, home.folder)) != new:
            assert (await http.get("/v1/organisations", headers=later)).status_code == 200
    for token in (earlier, meanwhile, later):
        assert (await http.get("/v1/organisations", headers=token)).status_code == 200
    replaced = KeyRing(home.folder / "keys").replace("token-signing")
    await until_published(http, {replaced})
    fresh = await sign_in(http, home.folder)  # the door has not heard of its key, and asks
    assert (await http.get("/v1/organisations", headers=fresh)).status_code == 200
    refused = await http.get("/v1/organisations", headers=earlier)
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:lingjun:problem:token-forged")


async def published(http: httpx.AsyncClient) -> set[str]:
    return {key["kid"] for key in (await http.get("/oauth/jwks")).json()["keys"]}


async def until_published(http: httpx.AsyncClient, kids: set[str]) -> None:
    """Ask until the registry has looked at its file again, which it does once a second."""
    async with asyncio.timeout(10):
        while await published(http) != kids:
            pass


def signer(token: dict[str, str]) -> str:
    head = token["authorization"].partition(" ")[2].partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]


def age_keys(folder: Path, seconds: int) -> None:
    """Make the keys as old as if that time had passed."""
    file = folder / "keys" / "token-signing.json"
    keys = json.loads(file.read_text())["keys"]
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps({"keys": [{**key, "iat": key["iat"] - seconds} for key in keys]}))
    draft.replace(file)


async def test_a_killed_home_comes_back_with_what_it_had_said(tmp_path: Path):
    first = await _start(tmp_path)
    address = await _address(first)
    async with httpx.AsyncClient(base_url=address) as http:
        before = (await http.get("/v1/organisations", headers=await sign_in(http, tmp_path))).json()
    first.kill()
    await first.wait()
    second = await _start(tmp_path)
    async with httpx.AsyncClient(base_url=await _address(second)) as http:
        after = (await http.get("/v1/organisations", headers=await sign_in(http, tmp_path))).json()
    second.send_signal(signal.SIGTERM)
    assert await second.wait() == 0
    assert before["items"] == after["items"]


async def _start(folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "deploy.cli", "up", "--rehearsal", "--port", "0", "--home", str(folder)),
        env={**os.environ},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _address(process: asyncio.subprocess.Process) -> str:
    """Read it from the line that `lingjun up` prints once it serves."""
    if process.stderr is None:
        raise RuntimeError("stderr is not read")
    async with asyncio.timeout(60):
        async for line in process.stderr:
            if line.startswith(b"http://"):
                return line.split()[0].decode()
    raise RuntimeError("the home ended before it served")
