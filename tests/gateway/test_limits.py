"""Sizes and rates: what is too much is said so, and never reaches a service."""

import asyncio

import pytest

from gateway.errors import TooManyRequests
from gateway.limits import RateLimit
from tests.support.door import Door, Opening

TEN_MIB = 10 * 1024 * 1024


async def test_a_body_declared_too_large_is_refused_by_its_declaration(door: Door):
    seen = len(door.services["registry"].scopes)
    answer = await door.http.post("/v1/classes", content=b"x" * TEN_MIB)
    assert answer.status_code == 413
    assert answer.json()["limit"] == 4 * 1024 * 1024
    assert len(door.services["registry"].scopes) == seen


async def test_a_body_that_grows_too_large_is_refused_where_it_does(door: Door):
    async def parts():
        for _ in range(TEN_MIB // 65_536):
            yield b"x" * 65_536

    answer = await door.http.post("/v1/classes", content=parts(), headers={"accept-language": "en"})
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:lingjun:problem:body-too-large"
    assert answer.json()["detail"] == "The body exceeds 4194304 bytes."


async def test_the_door_serves_on_after_a_body_that_was_too_large(door: Door):
    for _ in range(3):
        assert (await door.http.post("/v1/classes", content=b"x" * TEN_MIB)).status_code == 413
    assert (await door.http.post("/v1/classes", content=b"{}")).status_code == 200


async def test_headers_and_addresses_have_an_end(door: Door):
    headers = await door.http.get("/v1/classes", headers={"x-long": "x" * 40_000})
    address = await door.http.get("/v1/classes?q=" + "x" * 9_000)
    assert headers.json()["type"] == "urn:lingjun:problem:headers-too-large"
    assert (headers.status_code, address.status_code) == (431, 414)


async def test_a_request_that_is_no_http_is_refused_by_the_server(door: Door):
    reader, writer = await asyncio.open_connection(*door.address)
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n")
    answer = await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert b" 400 " in answer


def test_a_bucket_empties_at_its_burst_and_fills_with_time():
    now = 0.0
    rate = RateLimit(per_second=10, burst=3, now=lambda: now)
    for _ in range(3):
        rate.take("a")
    with pytest.raises(TooManyRequests) as refused:
        rate.take("a")
    assert refused.value.retry_after == 1
    rate.take("b")
    now = 0.1
    rate.take("a")


def test_remembering_buckets_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gateway.limits._REMEMBERED", 10)
    rate = RateLimit(per_second=10, burst=3, now=lambda: 0.0)
    for number in range(100):
        rate.take(str(number))
    assert len(rate._full_at) <= 10


async def test_who_asks_too_often_is_told_when_to_come_back(opening: Opening):
    door = await opening("process", rate_per_second=0.001, rate_burst=2)
    answers = [await door.http.get("/v1/classes", headers=door.token()) for _ in range(3)]
    other = await door.http.get("/v1/classes", headers=door.token(sub="client-2"))
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert other.status_code == 200


async def test_guessing_tokens_is_counted_by_address(opening: Opening):
    door = await opening("process", rate_per_second=0.001, rate_burst=2)
    guesses = [await door.http.get("/v1/classes", headers={"authorization": f"Bearer {n}"}) for n in range(3)]
    assert [answer.status_code for answer in guesses] == [401, 401, 429]


async def test_a_rehearsal_is_not_held_back(opening: Opening):
    door = await opening("process", mode="rehearsal", rate_per_second=0.001, rate_burst=1)
    assert {(await door.http.get("/v1/classes")).status_code for _ in range(3)} == {200}


async def test_where_files_are_uploaded_a_body_may_be_longer_and_not_for_ever(door: Door):
    larger = await door.http.post("/v1/attachments", content=b"x" * TEN_MIB)
    assert larger.status_code == 200
    refused = await door.http.post("/v1/attachments", content=b"x" * (2 * TEN_MIB + 1))
    assert (refused.status_code, refused.json()["limit"]) == (413, 2 * TEN_MIB)
    beside = await door.http.post("/v1/attachments-of-others", content=b"x" * TEN_MIB)
    assert (beside.status_code, beside.json()["limit"]) == (413, 4 * 1024 * 1024)

    async def parts():
        for _ in range(2 * TEN_MIB // 65_536 + 1):
            yield b"x" * 65_536

    grown = await door.http.post("/v1/attachments", content=parts())
    assert (grown.status_code, grown.json()["limit"]) == (413, 2 * TEN_MIB)
