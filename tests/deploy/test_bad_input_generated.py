"""Generated bad input: every operation's own body, broken at a place of it, said by one who may.

Whatever is sent, the answer is never a failure, a refusal is a problem document, and what was
refused has written nothing: SQLite itself tells whether anybody has committed since. The bodies
come from a seed, so a red run can be repeated.
"""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from deploy.standalone import running
from gateway.map import SERVICES
from tests.architecture.test_callers import TABLE, callers_of, verdict_due
from tests.support.cast import Played, Thing
from tests.support.played import play

SEED = 20221019
BODIES_PER_OPERATION = 16
PROBLEM = "application/problem+json"
UNKNOWN = "01a20136-8d39-7e1e-aff4-0f4ce85692a8"

NASTY = (
    *("null", "true", "0", "-1", "1.5", "-0.0", "1e400", "NaN", f"{10**30}", f"{2**63}", "[]", "{}", "[[]]"),
    *('""', '" "', '"x"', '"\\u0000"', '"\\ud800"', '"\\u202e"', '"%s"', '"\\r\\nSet-Cookie: a=b"'),
    *('"2022-13-45"', '"0001-01-01"', '"2022-01-01T00:00:00"', f'"{UNKNOWN}"', '"\' OR 1=1 --"', '"../.."'),
    *(
        f'"{"长" * 100_000}"',
        "[" * 1000 + "]" * 1000,
        '{"a":' * 500 + "1" + "}" * 500,
        f'{{"{"k" * 9000}": 1}}',
    ),
    *('{"\\u0000": 1}', '{"__proto__": {}}', '"9' + "9" * 400 + '"', '["a", 1, null]', "{broken", ""),
)
"""JSON texts that are wrong nearly everywhere; some are no JSON at all."""

SEGMENTS = (
    "%00",
    "%ff",
    "%ed%a0%80",
    "..",
    "x" * 3000,
    "'%20OR%201=1--",
    "%e9%95%bf",
    "-1",
    "%0d%0aA:b",
    "%25",
)
"""What may stand where an id belongs, in a path or a query."""

Place = tuple[str | int, ...]


def places(body: Any, at: Place = ()) -> Iterator[Place]:
    """List every place of a body, itself first."""
    yield at
    steps = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for step, value in steps:
        yield from places(value, (*at, step))


def written(body: Any, at: Place, text: str) -> str:
    """Write a body with this text at one place."""
    if not at:
        return text
    first, rest = at[0], at[1:]
    if isinstance(body, list):
        return (
            "["
            + ",".join(written(v, rest, text) if n == first else _dump(v) for n, v in enumerate(body))
            + "]"
        )
    members = ((name, written(v, rest, text) if name == first else _dump(v)) for name, v in body.items())
    return "{" + ",".join(f"{_dump(name)}:{value}" for name, value in members) + "}"


def broken(body: Any, chance: Random) -> str:
    """Break a body: another value at a place of it, a field too many, too few, or twice."""
    at = chance.choice(list(places(body)))
    inside = body
    for step in at:
        inside = inside[step]
    if not isinstance(inside, dict) or chance.random() < 0.5:
        return written(body, at, chance.choice(NASTY))
    members = [f"{_dump(name)}:{_dump(value)}" for name, value in inside.items()]
    member = chance.choice(members) if members else '"a":1'
    match chance.randrange(3):
        case 0:
            members.append(f'"unknown_{chance.randrange(9)}":{chance.choice(NASTY)}')
        case 1:
            members = [one for one in members if one != member]
        case _:
            members.append(f"{member.partition(':')[0]}:{chance.choice(NASTY)}")
    return written(body, at, "{" + ",".join(members) + "}")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Witness:
    """Tells whether anything was committed to a database of the home since it was last asked."""

    def __init__(self, connections: dict[str, sqlite3.Connection]) -> None:
        self._connections = connections
        self.version = self.look()

    def look(self) -> dict[str, int]:
        asked = {name: one.execute("PRAGMA data_version") for name, one in self._connections.items()}
        return {name: int(found.fetchone()[0]) for name, found in asked.items()}


@contextmanager
def witness_of(played: Played) -> Iterator[Witness]:
    connections = {
        name: sqlite3.connect(database.url.partition(":///")[2])
        for name, database in played.home.databases.items()
    }
    try:
        yield Witness(connections)
    finally:
        for one in connections.values():
            one.close()


@pytest.fixture
async def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Played]:
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")
    for service in SERVICES:
        monkeypatch.setenv(f"{service.upper()}_COPY_WAIT", "0")
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        made = await play(home)
        yield made
        await made.platform.close()


async def test_no_broken_body_makes_an_operation_fail_or_a_refusal_write(played: Played):
    chance = Random(SEED)
    thing = played.things[0]
    wrong: list[str] = []
    async with httpx.AsyncClient(base_url=played.home.address, timeout=30.0) as http:
        with witness_of(played) as witness:
            for operation, row in TABLE.items():
                if row.body is None or row.form:
                    continue
                signed = await _signed(played, operation, thing)
                witness.version = witness.look()  # a token was perhaps given, which is noted
                for _ in range(BODIES_PER_OPERATION):
                    text = broken(row.body(thing), chance)
                    method, url = _request(operation, thing)
                    headers = {**signed, "content-type": "application/json"}
                    answer = await http.request(method, url, headers=headers, content=text.encode())
                    if fault := _fault(answer):
                        wrong.append(f"{operation} with {text[:120]}: {fault}")
                    if _was_refused(answer):
                        if witness.look() != witness.version:
                            wrong.append(f"{operation} with {text[:120]}: refused, and something was written")
                    else:
                        await played.settle()
                    witness.version = witness.look()
    assert not wrong, "\n".join(wrong)


async def test_no_broken_path_or_query_makes_an_operation_fail(played: Played):
    thing = played.things[0]
    wrong: list[str] = []
    async with httpx.AsyncClient(base_url=played.home.address, timeout=30.0) as http:
        document = (await http.get("/openapi.json")).json()
        for operation in TABLE:
            method, _, path = operation.partition(" ")
            signed = await _signed(played, operation, thing)
            path = path.replace("{spare_client_id}", "{client_id}")
            declared = document["paths"][path][method.lower()].get("parameters", [])
            names = [one["name"] for one in declared if one["in"] == "query"]
            for segment in SEGMENTS:
                urls = [re.sub(r"\{\w+\}", lambda _, segment=segment: segment, path)] if "{" in path else []
                if method == "GET":
                    sound = _request(operation, thing)[1]
                    urls += [f"{sound}?{name}={segment}" for name in names]
                for url in urls:
                    answer = await http.request(method, url, headers=signed)
                    if (fault := _fault(answer)) and not path.startswith(("/oauth", "/verify")):
                        wrong.append(f"{method} {url[:120]}: {fault}")
    assert not wrong, "\n".join(wrong)


def _request(operation: str, thing: Thing) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return method, re.sub(r"\{(\w+)\}", lambda found: quote(thing.ids[found[1]]), path)


async def _signed(played: Played, operation: str, thing: Thing) -> dict[str, str]:
    """Sign as the first caller to whom the table allows the operation; what takes a link is for no caller."""
    allowed = (actor for caller, actor in callers_of(played, thing) if _may(operation, caller, thing))
    actor = next((one for one in allowed if one in played.actors), None)
    if actor is None:
        return {}
    return {"authorization": f"Bearer {await played.platform._token(played.actors[actor])}"}


def _may(operation: str, caller: str, thing: Thing) -> bool:
    return verdict_due(TABLE[operation], caller, thing) == "allowed"


def _fault(answer: httpx.Response) -> str:
    """Say what is wrong with an answer: a failure, or a refusal that is no problem document."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:160]}"
    if answer.status_code < 400:
        return ""
    if answer.headers.get("content-type") != PROBLEM:
        return f"{answer.status_code} is no problem document"
    problem = answer.json()
    said = {"type", "title", "status", "detail", "fixed_by"} <= problem.keys()
    return "" if said and problem["status"] == answer.status_code else f"incomplete: {problem}"


def _was_refused(answer: httpx.Response) -> bool:
    if answer.status_code != 200 or not answer.text.startswith('{"results"'):
        return answer.status_code >= 400
    return all(result["problem"] for result in answer.json()["results"])
