"""What passes the door, and how: streamed, cleaned of forged and hop-by-hop headers, never altered."""

import asyncio

import pytest

from gateway.proxy import HttpUpstream, open_client
from tests.support.door import Door, Opening


async def test_a_path_reaches_its_service_as_it_was_written(door: Door):
    answer = await door.http.get("/v1/rosters/a%2Fb%20c?limit=1&after=%E4%B8%AD")
    said = answer.json()
    assert said["service"] == "enrollment"
    assert said["raw_path"] == "/v1/rosters/a%2Fb%20c"
    assert said["query"] == "limit=1&after=%E4%B8%AD"


@pytest.mark.parametrize(
    "path", ["/v1/outbox", "/v1", "/v2/rosters", "/v1/rosters/../../readyz", "/v1/rostersx", "/internal"]
)
async def test_what_is_not_on_the_public_map_does_not_exist(door: Door, path: str):
    reader, writer = await asyncio.open_connection(*door.address)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"urn:lingjun:problem:path-unknown" in answer


async def test_a_forged_caller_is_replaced_by_the_true_one(door: Door):
    forged = {"Lingjun-Caller": "forged", "Lingjun-Anything": "x", "X-Forwarded-For": "1.2.3.4"}
    said = (await door.http.get("/v1/classes", headers=forged | door.token())).json()
    headers = dict(said["headers"])
    assert [name for name, _ in said["headers"]].count("lingjun-caller") == 1
    caller = door.verifier.verify(headers["lingjun-caller"])
    assert (caller.principal, caller.organisation_id, caller.kind) == (
        "client-1",
        "organisation-1",
        "department",
    )
    assert caller.offices == {"coordination"}
    assert not {"lingjun-anything", "x-forwarded-for", "authorization"} & headers.keys()


async def test_a_personal_link_reaches_the_service(door: Door):
    said = (await door.http.get("/v1/me", headers={"Lingjun-Personal-Link": "shown"})).json()
    assert dict(said["headers"])["lingjun-personal-link"] == "shown"


async def test_an_anonymous_caller_is_stamped_too(door: Door):
    said = (await door.http.get("/v1/classes")).json()
    assert door.verifier.verify(dict(said["headers"])["lingjun-caller"]).is_anonymous


@pytest.mark.parametrize("over", ["process", "tcp"])
async def test_the_time_of_a_rehearsal_and_the_idempotency_key_pass(opening: Opening, over: str):
    door = await opening(over, mode="rehearsal")
    wished = {"Lingjun-Now": "2022-07-01T09:00:00+08:00", "Idempotency-Key": "k", "If-Match": '"3"'}
    said = (await door.http.post("/v1/classes", headers=wished, json={})).json()
    headers = dict(said["headers"])
    assert {name: headers[name.lower()] for name in wished} == wished


async def test_production_refuses_the_time_of_a_rehearsal(door: Door):
    answer = await door.http.get("/v1/classes", headers={"Lingjun-Now": "2022-07-01T09:00:00+08:00"})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:lingjun:problem:now-refused"


async def test_a_harmless_request_id_is_kept_and_any_other_made_anew(door: Door):
    kept = await door.http.get("/v1/classes", headers={"Lingjun-Request-Id": "my-request-0001"})
    made = await door.http.get("/v1/classes", headers={"Lingjun-Request-Id": "a b\tc"})
    assert kept.headers["lingjun-request-id"] == "my-request-0001"
    assert dict(kept.json()["headers"])["lingjun-request-id"] == "my-request-0001"
    assert len(made.headers["lingjun-request-id"]) == 36


async def test_a_client_secret_reaches_the_token_endpoint_untouched(door: Door):
    said = (await door.http.post("/oauth/token", auth=("id", "secret"), data={"a": "b"})).json()
    assert dict(said["headers"])["authorization"].startswith("Basic ")
    assert said["length"] == 3


async def test_hop_by_hop_headers_end_at_the_door(door: Door):
    private = {"Connection": "x-secret", "X-Secret": "1", "TE": "trailers", "Keep-Alive": "timeout=1"}
    said = (await door.http.get("/v1/classes", headers=private)).json()
    assert not {"x-secret", "te", "keep-alive"} & dict(said["headers"]).keys()
    answer = await door.http.get("/v1/classes/cookies")
    assert not {"x-private", "keep-alive"} & answer.headers.keys()


async def test_two_cookies_stay_two_and_no_encoding_is_undone(door: Door):
    answer = await door.http.get("/v1/classes/cookies")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert answer.headers["content-encoding"] == "x-unknown"
    assert answer.content == b"ok"


async def test_every_answer_carries_the_guards(door: Door):
    headers = (await door.http.get("/v1/classes")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


async def test_an_answer_streams_while_it_is_made(door: Door):
    async with door.http.stream("GET", "/v1/rosters/stream") as answer:
        chunks = answer.aiter_raw()
        assert await anext(chunks) == b"first"
        door.services["enrollment"].go_on.set()
        assert await anext(chunks) == b"second"


async def test_a_client_that_leaves_ends_the_stream_upstream(door: Door):
    async with door.http.stream("GET", "/v1/rosters/stream") as answer:
        assert await anext(answer.aiter_raw()) == b"first"
    async with asyncio.timeout(5):
        await door.services["enrollment"].left.wait()


async def test_a_long_body_streams_through(door: Door):
    async def parts():
        for _ in range(30):
            yield b"x" * 100_000

    said = (await door.http.post("/v1/classes", content=parts())).json()
    assert said["length"] == 3_000_000


async def test_empty_answers_and_heads_keep_their_form(door: Door):
    assert (await door.http.delete("/v1/classes/empty")).status_code == 204
    head = await door.http.head("/v1/classes/cookies")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "2")


async def test_an_answer_that_breaks_off_is_not_passed_as_whole(door: Door):
    reader, writer = await asyncio.open_connection(*door.address)
    writer.write(b"GET /v1/classes/half HTTP/1.1\r\nhost: x\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.endswith(b"abc")


async def test_a_defect_of_a_service_is_a_problem_document(door: Door):
    answer = await door.http.get("/v1/classes/raises", headers={"Accept-Language": "en"})
    assert answer.status_code in {500, 502}


async def test_a_service_that_is_down_is_said_to_be_and_when_to_come_back(opening: Opening):
    async with open_client(connections=1, answer_seconds=1.0) as client:
        down = HttpUpstream(client, "enrollment", "http://127.0.0.1:9")
        door = await opening("process", {"enrollment": down})
        answer = await door.http.get("/v1/rosters", headers={"Accept-Language": "en"})
        others = await door.http.get("/v1/classes")
    problem = answer.json()
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:lingjun:problem:upstream-unavailable"
    assert problem["service"] == "enrollment"
    assert problem["fixed_by"] == "operator"
    assert others.status_code == 200


async def test_a_service_that_keeps_silent_is_a_gateway_timeout(opening: Opening):
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_client(connections=1, answer_seconds=0.05) as client:
        door = await opening(
            "process", {"enrollment": HttpUpstream(client, "enrollment", f"http://127.0.0.1:{port}")}
        )
        answer = await door.http.get("/v1/rosters")
    assert answer.status_code == 504


async def test_an_answer_that_is_no_http_is_a_bad_gateway(opening: Opening):
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"nonsense\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_client(connections=1, answer_seconds=1.0) as client:
        door = await opening(
            "process", {"enrollment": HttpUpstream(client, "enrollment", f"http://127.0.0.1:{port}")}
        )
        answer = await door.http.get("/v1/rosters")
    assert answer.status_code == 502
    assert answer.json()["type"] == "urn:lingjun:problem:upstream-broke"
