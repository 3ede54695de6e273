"""Pages by keyset: every row once, in order, whatever is added meanwhile; invented cursors are refused."""

import base64
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.database import Database
from shared.paging import encode
from tests.support.client import client
from tests.support.things import Row, Thing, things_app


@pytest.fixture
async def http(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    await db.create_all(Row.metadata)
    async with db.write() as session:
        # the first key repeats, so that the second has to decide
        session.add_all(
            Thing(id=f"{number:02}", name=f"thing {number}", version=number % 3) for number in range(20)
        )
    async with client(things_app(db)) as opened:
        yield opened


async def walk(http: httpx.AsyncClient, *, limit: int, backwards: bool = False) -> list[tuple[int, str]]:
    seen: list[tuple[int, str]] = []
    after: dict[str, str] = {}
    while True:
        parameters = {"limit": str(limit), "backwards": str(backwards), **after}
        page = (await http.get("/v1/things", params=parameters)).json()
        assert len(page["items"]) <= limit
        seen += [(item["version"], item["id"]) for item in page["items"]]
        if page["next"] is None:
            return seen
        after = {"after": page["next"]}


@pytest.mark.parametrize("backwards", [False, True])
async def test_every_row_is_shown_once_and_in_order(http: httpx.AsyncClient, *, backwards: bool):
    for limit in (1, 3, 7, 19, 20, 1000):
        seen = await walk(http, limit=limit, backwards=backwards)
        assert len(seen) == 20
        assert seen == sorted(seen, reverse=backwards)


async def test_a_row_added_before_the_cursor_moves_nothing(db: Database, http: httpx.AsyncClient):
    first = (await http.get("/v1/things?limit=5")).json()
    async with db.write() as session:
        session.add(Thing(id="000", name="early", version=0))
    second = (await http.get("/v1/things", params={"limit": 5, "after": first["next"]})).json()
    shown = [item["id"] for item in first["items"] + second["items"]]
    assert len(set(shown)) == 10
    assert "000" not in shown


def cursor(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


INVENTED = [
    "",
    "x",
    "游标",
    "!!!!",
    cursor({}),
    cursor([]),
    cursor([1]),
    cursor([1, 2]),
    cursor(["1", "2"]),
    cursor([1, "2", 3]),
    cursor([2**64, "x"]),
    cursor([1, "\0"]),
    cursor([1.5, "x"]),
    cursor([None, "x"]),
    cursor([1, "x" * 2000]),
]


async def test_a_cursor_that_this_list_has_not_given_is_refused(http: httpx.AsyncClient):
    for after in INVENTED:
        answer = await http.get("/v1/things", params={"after": after})
        assert answer.status_code == 400, after
        assert answer.json()["type"] == "urn:lingjun:problem:cursor-malformed"


async def test_a_page_has_one_to_a_thousand_items(http: httpx.AsyncClient):
    for limit in ("0", "1001", "-1", "x", "9" * 30, "1.5"):
        assert (await http.get("/v1/things", params={"limit": limit})).status_code == 422


def test_a_cursor_is_plain_text_for_an_address():
    assert encode([1, "某"]).replace("-", "").replace("_", "").isalnum()
