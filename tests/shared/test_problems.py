"""Problem details: every refusal has a type, a language and someone who can mend it, and none is a 500."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Database
from shared.problems import Fault, Voice, code_of, preferred_language, problem_of, speak
from shared.web import newest_revision
from tests.support.client import client
from tests.support.databases import NewUrl
from tests.support.things import Row, ThingForbidden, things_app

JSON = {"content-type": "application/json"}


@pytest.fixture
def dialect() -> str:
    """Nothing here differs between the databases."""
    return "sqlite"


@pytest.fixture
async def app(db: Database) -> FastAPI:
    await db.create_all(Row.metadata)
    return things_app(db)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client(app) as opened:
        yield opened


def is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (status, f"urn:lingjun:problem:{code}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["fixed_by"]
    assert problem["instance"] == answer.request.url.path
    return problem


async def test_a_named_error_tells_its_sentence_its_place_and_its_attributes(http: httpx.AsyncClient):
    problem = is_problem(await http.post("/v1/things", json={"name": "forbidden x"}), 409, "thing-forbidden")
    assert problem["detail"] == "不可用 forbidden x；见 甲、乙。"
    assert problem["title"] == "与当前状态冲突"
    assert problem["name"] == "forbidden x"
    assert problem["others"] == ["甲", "乙"]
    assert [error["pointer"] for error in problem["errors"]] == ["/name"]


async def test_english_is_spoken_when_it_is_preferred(http: httpx.AsyncClient):
    answer = await http.post(
        "/v1/things", json={"name": "forbidden x"}, headers={"Accept-Language": "en-GB,zh;q=0.3"}
    )
    assert answer.json()["detail"] == "Not forbidden x; see 甲, 乙."
    assert answer.headers["content-language"] == "en"
    assert answer.headers["vary"] == "accept-language"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5, zh;q=0.5", "zh"),
        ("fr, en;q=0.4", "en"),
        ("fr", "zh"),
        ("*", "zh"),
        ("*, zh;q=0.1", "en"),
        ("en;q=0", "zh"),
        ("en;q=broken", "zh"),
        (";;,,;q=1", "zh"),
    ],
)
def test_the_language_follows_the_weights(header: str | None, language: str):
    assert preferred_language(header) == language


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "route-unknown"),
        ("DELETE", "/v1/things", 405, "method-not-allowed"),
        ("GET", "/v1/things/%00", 404, "route-unknown"),
        ("GET", "/v1/things?after=%00", 422, "value-unstorable"),
        ("GET", "/v1/things/no-uuid", 404, "thing-unknown"),
        ("GET", "/v1/things?limit=x", 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_found_or_read_is_a_problem(
    http: httpx.AsyncClient, method: str, path: str, status: int, code: str
):
    is_problem(await http.request(method, path), status, code)


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed-json"),
        (b"\xff\xfe", "application/json", 400, "malformed-json"),
        ('{"name": "某"}'.encode("utf-16"), "application/json", 400, "malformed-json"),
        (b"[" * 90_000, "application/json", 400, "malformed-json"),
        (b'{"count": NaN}', "application/json", 400, "malformed-json"),
        (b"9" * 9000, "application/json", 400, "malformed-json"),
        (b"", "application/json", 422, "invalid-request"),
        (b"null", "application/json", 422, "invalid-request"),
        (b"[]", "application/json", 422, "invalid-request"),
        (b"{}", "", 415, "media-type-unsupported"),
        (b"{}", "text/plain", 415, "media-type-unsupported"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "media-type-unsupported"),
        (b" " * (4 << 20) + b"{}", "application/json", 413, "body-too-large"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_problem(
    http: httpx.AsyncClient, body: bytes, media_type: str, status: int, code: str
):
    answer = await http.post("/v1/things", content=body, headers={"content-type": media_type})
    is_problem(answer, status, code)


async def test_a_body_nested_deeper_than_we_read_is_refused(http: httpx.AsyncClient):
    for depth in range(500, 1100, 50):
        body = b"[" * depth + b'"\\u0000"' + b"]" * depth
        assert (await http.post("/v1/things", content=body, headers=JSON)).status_code in {400, 422}


async def test_a_body_that_grows_too_long_without_saying_so_is_refused(http: httpx.AsyncClient):
    is_problem(await http.post("/v1/things", content=_in_pieces(), headers=JSON), 413, "body-too-large")


async def _in_pieces() -> AsyncIterator[bytes]:
    for _ in range(5):
        yield b" " * (1 << 20)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ('{"name": "a\\u0000b"}', "/name", "text_unstorable"),
        ('{"name": "\\ud800"}', "/name", "text_unstorable"),
        ('{"\\ud800": 1}', "", "text_unstorable"),
        ('{"name": "x", "count": 9223372036854775808}', "/count", "int_parsing_size"),
        ('{"name": "x", "count": 9007199254740993}', "/count", "less_than_equal"),
        ('{"name": "x", "count": 1e999}', "/count", "finite_number"),
        ('{"name": "x", "count": true}', "/count", "int_type"),
        ('{"name": "x", "count": "1"}', "/count", "int_type"),
        ('{"name": "x", "at": 5}', "/at", "string_type"),
        ('{"name": "x", "at": "2022-07-01T09:00:00"}', "/at", "timezone_aware"),
        ('{"name": "x", "at": "0001-01-01T00:00:00+14:00"}', "/at", "date_out_of_range"),
        ('{"name": "x", "at": "tomorrow"}', "/at", "datetime_from_date_parsing"),
        ('{"name": "  "}', "/name", "string_too_short"),
        ('{"name": 5}', "/name", "string_type"),
        ('{"name": "x", "a/b~c": 1}', "/a~1b~0c", "extra_forbidden"),
    ],
)
async def test_an_invalid_body_is_refused_with_the_place_of_the_fault(
    http: httpx.AsyncClient, body: str, pointer: str, code: str
):
    answer = await http.post("/v1/things", content=body.encode(), headers=JSON)
    problem = is_problem(answer, 422, "invalid-request")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert all(error["detail"] for error in problem["errors"])


async def test_an_invalid_parameter_is_named(http: httpx.AsyncClient):
    problem = is_problem(await http.get("/v1/things?limit=0"), 422, "invalid-request")
    assert problem["errors"] == [
        {"parameter": "limit", "code": "greater_than_equal", "detail": "不应小于 1。"}
    ]


async def test_a_submitted_value_is_never_echoed(http: httpx.AsyncClient):
    number = "11010519491231002X" * 20
    answer = await http.post("/v1/things", json={"name": number, "at": number, "count": number})
    is_problem(answer, 422, "invalid-request")
    assert "1101051949" not in answer.text


async def test_a_defect_is_a_500_that_carries_the_request_id_and_no_cause(http: httpx.AsyncClient):
    answer = await http.get("/v1/defect", headers={"Lingjun-Request-Id": "request-0001"})
    is_problem(answer, 500, "internal-error")
    assert "request-0001" in answer.text
    assert "nowhere" not in answer.text
    assert answer.headers["lingjun-request-id"] == "request-0001"


def test_a_sentence_tells_instants_in_beijing_time_and_absent_attributes_as_a_dash():
    fault = Fault(409, "{name} 到 {others} 为止{missing}", "", "nobody")
    speak(Voice({ThingForbidden: fault}))
    late = ThingForbidden(name="截止", others=())
    late.others = datetime(2022, 7, 1, 16, tzinfo=UTC)  # pyrefly: ignore[bad-assignment] - any plain value may stand here
    assert problem_of(late).detail == "截止 到 2022-07-02 00:00:00（北京时间） 为止—"


def test_an_error_without_a_fault_is_a_defect():
    speak(Voice({}))
    with pytest.raises(LookupError):
        problem_of(LookupError("x"))


def test_a_name_becomes_a_type():
    assert code_of(ThingForbidden) == "thing-forbidden"


async def test_the_document_names_the_problems_of_every_operation(http: httpx.AsyncClient):
    document = (await http.get("/openapi.json")).json()
    change = document["paths"]["/v1/things/{thing_id}"]["put"]
    assert {"400", "401", "403", "404", "409", "412", "413", "415", "422"} <= change["responses"].keys()
    problem = change["responses"]["412"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert change["x-callers"] == {"kinds": ["bureau"]}


async def test_others_are_answered_while_the_document_is_made(app: FastAPI, http: httpx.AsyncClient):
    asked, answered = threading.Event(), threading.Event()

    def make() -> dict[str, str]:
        asked.set()
        return {"made": str(answered.wait(5))}

    setattr(app, "openapi", make)  # noqa: B010 - a method for type checkers
    document = asyncio.create_task(http.get("/openapi.json"))
    assert await asyncio.to_thread(asked.wait, 5)
    assert (await http.get("/healthz")).is_success
    answered.set()
    assert (await document).json() == {"made": "True"}


async def test_health_asks_nobody_who_is_asking(app: FastAPI):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as bare:
        assert (await bare.get("/healthz")).json() == {"status": "alive"}
        assert (await bare.get("/readyz")).json() == {"status": "ready"}


async def test_a_service_without_its_tables_is_not_ready(new_url: NewUrl):
    db = Database(await new_url("empty"), name="empty")
    async with client(things_app(db)) as http:
        answer = await http.get("/readyz")
    await db.close()
    is_problem(answer, 503, "busy")


@pytest.mark.parametrize("host", ["127.0.0.1:1", "nobody.invalid"])
async def test_a_database_that_is_away_makes_a_service_busy_and_is_no_defect_of_it(host: str):
    db = Database(f"postgresql+asyncpg://postgres@{host}/postgres", name="away")
    async with client(things_app(db)) as http:
        answers = [await http.get("/v1/things"), await http.post("/v1/things", json={"name": "x"})]
    await db.close()
    for answer in answers:
        is_problem(answer, 503, "busy")
        assert answer.headers["retry-after"]


@pytest.mark.parametrize(("state", "status"), [("53300", 503), ("57P03", 503), ("XX000", 500)])
async def test_a_database_that_has_no_connection_left_or_is_starting_makes_a_service_busy(
    http: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch, state: str, status: int
):
    def refuse() -> None:
        cause = Exception()
        setattr(cause, "sqlstate", state)  # noqa: B010 - as asyncpg's errors carry it
        raise DBAPIError("SELECT 1", {}, cause)

    monkeypatch.setattr(db, "read", refuse)
    assert (await http.get("/v1/things")).status_code == status


async def test_a_service_is_ready_once_its_database_is_at_its_newest_revision(db: Database, tmp_path: Path):
    for revision in ("0001_begin.py", "0002_add.py"):
        (tmp_path / "versions").mkdir(exist_ok=True)
        (tmp_path / "versions" / revision).touch()
    app = things_app(db)
    app.state.newest_revision = newest_revision(tmp_path)
    async with client(app) as http:
        assert (await http.get("/readyz")).status_code == 503
        async with db.write() as session:
            await session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
            await session.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
        assert (await http.get("/readyz")).status_code == 503
        async with db.write() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
        assert (await http.get("/readyz")).status_code == 200
