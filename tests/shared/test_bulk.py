"""Bulk operations: a result per item; a refused item leaves the others standing."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.database import Database
from tests.support.client import client
from tests.support.things import Row, things_app


@pytest.fixture
async def http(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    await db.create_all(Row.metadata)
    async with client(things_app(db), "department") as opened:
        yield opened


async def send(http: httpx.AsyncClient, *names: str, language: str = "zh") -> httpx.Response:
    items = [{"name": name} for name in names]
    return await http.post("/v1/bulk-things", json={"items": items}, headers={"Accept-Language": language})


async def names_kept(http: httpx.AsyncClient) -> set[str]:
    return {item["name"] for item in (await http.get("/v1/things")).json()["items"]}


async def test_each_item_has_its_result_in_order(http: httpx.AsyncClient):
    results = (await send(http, "a", "forbidden", "b")).json()["results"]
    assert [(result["index"], result["status"]) for result in results] == [(0, 201), (1, 409), (2, 201)]
    assert results[0]["value"]["name"] == "a"
    assert results[0]["problem"] is None
    assert results[1]["value"] is None
    assert await names_kept(http) == {"a", "b"}


async def test_an_item_s_problem_points_into_the_request_in_the_language_asked(http: httpx.AsyncClient):
    answer = await send(http, "a", "forbidden", language="en")
    problem = answer.json()["results"][1]["problem"]
    assert problem["type"] == "urn:lingjun:problem:thing-forbidden"
    assert problem["detail"] == "Not forbidden; see 甲, 乙."
    assert problem["errors"][0]["pointer"] == "/items/1/name"
    assert problem["others"] == ["甲", "乙"]
    assert "instance" not in problem
    assert answer.headers["content-language"] == "en"


async def test_what_the_database_refuses_of_one_item_undoes_that_item_alone(http: httpx.AsyncClient):
    results = (await send(http, "a", "a", "b")).json()["results"]
    assert [result["status"] for result in results] == [201, 409, 201]
    assert results[1]["problem"]["type"] == "urn:lingjun:problem:concurrent-change"
    assert await names_kept(http) == {"a", "b"}


async def test_a_malformed_item_refuses_the_whole_request(http: httpx.AsyncClient):
    answer = await http.post("/v1/bulk-things", json={"items": [{"name": "a"}, {"nam": "b"}]})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/items/1/name", "/items/1/nam"}
    assert await names_kept(http) == set()


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_request_holds_one_to_a_thousand_items(http: httpx.AsyncClient, count: int):
    answer = await send(http, *(f"thing {number}" for number in range(count)))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/items"]


async def test_a_repeated_request_gets_the_same_results(http: httpx.AsyncClient):
    body, headers = {"items": [{"name": "a"}, {"name": "forbidden"}]}, {"Idempotency-Key": "k"}
    first = await http.post("/v1/bulk-things", json=body, headers=headers)
    second = await http.post("/v1/bulk-things", json=body, headers=headers)
    assert second.content == first.content
