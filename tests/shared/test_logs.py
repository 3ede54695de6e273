"""Logs: one JSON line a request, with its principal and without anything that names a person."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from shared.database import Database
from shared.logs import configure, drop_personal_data
from tests.support.client import client
from tests.support.things import Row, things_app


@pytest.fixture
def dialect() -> str:
    """Nothing here differs between the databases."""
    return "sqlite"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure("things", stream=stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_a_request_writes_one_line_without_its_query_and_body(db: Database, lines: io.StringIO):
    await db.create_all(Row.metadata)
    async with client(things_app(db), "department", principal="client-7") as http:
        made = await http.post("/v1/things?q=13800138000", json={"name": "张三"})
        await http.get(f"/v1/things/{made.json()['id']}")
        await http.get("/healthz")
    made_line, got_line = entries(lines)
    assert made_line["method"] == "POST"
    assert made_line["route"] == "/v1/things"
    assert made_line["status"] == 201
    assert made_line["principal"] == "client-7"
    assert made_line["request_id"] == made.headers["lingjun-request-id"]
    assert made_line["ms"] >= 0
    assert made_line["level"] == "info"
    assert got_line["route"] == "/v1/things/{thing_id}"
    assert "张三" not in lines.getvalue()
    assert "13800138000" not in lines.getvalue()


async def test_a_defect_is_logged_by_type_and_place_and_not_by_its_words(db: Database, lines: io.StringIO):
    async with client(things_app(db)) as http:
        assert (await http.get("/v1/defect")).status_code == 500
    defect, line = entries(lines)
    assert defect["event"] == "defect"
    assert defect["level"] == "error"
    assert "Error" in defect["error"]
    assert "things.py" in defect["error"]
    assert defect["request_id"] == line["request_id"]
    assert "张三" not in lines.getvalue()


async def test_what_one_request_noted_is_not_said_of_the_next(db: Database, lines: io.StringIO):
    async with client(things_app(db), principal="client-7") as http:
        await http.get("/v1/now")
        await http.get("/nowhere")
    _, second = entries(lines)
    assert second["principal"] is None
    assert second["route"] is None


def test_personal_fields_are_dropped_at_any_depth():
    entry = {"event": "x", "name": "张三", "inner": [{"Phone": "1", "count": 2}], "error": ValueError("张三")}
    cleaned = drop_personal_data(None, "info", entry)
    assert cleaned["name"] == "(dropped)"
    assert cleaned["inner"] == [{"Phone": "(dropped)", "count": 2}]
    assert "张三" not in json.dumps(cleaned, ensure_ascii=False)
