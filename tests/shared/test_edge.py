"""The edge: one transaction an operation, answers kept under a key, copies waited for, versions checked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text

from shared.copies import bring, lock_copies
from shared.copywatch import MOST_WAITERS, CopyWatch, RestsOnCopy
from shared.database import Database
from shared.events.envelope import Event
from shared.idempotency import idempotency_keys
from shared.ids import new_id
from shared.retention import erase_old
from tests.support.client import caller_headers, client
from tests.support.things import ClassUnknown, Row, Thing, things_app


@pytest.fixture
async def app(db: Database) -> FastAPI:
    await db.create_all(Row.metadata)
    await db.start()
    return things_app(db)


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client(app, "department") as opened:
        yield opened


async def things_in(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(Thing)) or 0


async def post(http: httpx.AsyncClient, name: str, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await http.post("/v1/things", json={"name": name}, headers=headers)


# ── the transaction ──────────────────────────────────────────────────────────────────────────────


async def test_what_was_answered_is_committed(db: Database, http: httpx.AsyncClient):
    assert (await post(http, "one")).status_code == 201
    assert await things_in(db) == 1


async def test_a_refusal_undoes_what_the_operation_had_done(db: Database, http: httpx.AsyncClient):
    answer = await post(http, "refused late")
    assert answer.status_code == 409
    assert await things_in(db) == 0


async def test_a_duplicate_that_the_database_refuses_is_a_conflict(http: httpx.AsyncClient):
    await post(http, "one")
    answer = await post(http, "one")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:lingjun:problem:concurrent-change"


async def test_a_commit_that_fails_is_answered_by_its_problem_and_not_by_success(
    db: Database, http: httpx.AsyncClient
):
    async with db.write() as session:
        await session.execute(text("CREATE TABLE owners (id VARCHAR(36) PRIMARY KEY)"))
        await session.execute(
            text("CREATE TABLE owned (id VARCHAR(36) REFERENCES owners (id) DEFERRABLE INITIALLY DEFERRED)")
        )
        await session.execute(text(_own_every_thing(db.dialect)))
        if db.dialect == "postgresql":
            await session.execute(
                text("CREATE TRIGGER own AFTER INSERT ON things FOR EACH ROW EXECUTE FUNCTION own()")
            )
    answer = await post(http, "orphan")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:lingjun:problem:reference-missing"
    assert await things_in(db) == 0


def _own_every_thing(dialect: str) -> str:
    if dialect == "sqlite":
        return "CREATE TRIGGER own AFTER INSERT ON things BEGIN INSERT INTO owned VALUES (new.id); END"
    return (
        "CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO owned VALUES (new.id); RETURN new; END'"
    )


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


async def test_a_view_with_a_version_carries_it_as_etag(http: httpx.AsyncClient):
    made = await post(http, "one")
    assert made.headers["etag"] == '"1"'
    assert (await http.get(f"/v1/things/{made.json()['id']}")).headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"2"', 412),
        ('W/"1"', 400),
        ("1", 400),
        ('"1", "2"', 400),
        ('"x"', 400),
        ('"' + "9" * 30 + '"', 400),
    ],
)
async def test_if_match_takes_one_strong_etag(app: FastAPI, if_match: str, status: int):
    async with client(app) as http:
        made = (await post(http, "one")).json()
        answer = await http.put(
            f"/v1/things/{made['id']}", json={"name": "two"}, headers={"If-Match": if_match}
        )
    assert answer.status_code == status
    assert answer.headers.get("etag") == ('"2"' if status == 200 else None)


# ── the time of a request ────────────────────────────────────────────────────────────────────────


async def test_rehearsal_hears_the_time_of_a_request(http: httpx.AsyncClient):
    answer = await http.get("/v1/now", headers={"Lingjun-Now": "2022-07-01T09:00:00+08:00"})
    assert answer.json() == {"now": "2022-07-01T01:00:00+00:00"}


async def test_production_refuses_the_time_of_a_request(db: Database):
    async with client(things_app(db, mode="production")) as http:
        answer = await http.get("/v1/now", headers={"Lingjun-Now": "2022-07-01T09:00:00+08:00"})
        assert (await http.get("/v1/now")).status_code == 200
        unasked = await http.get("/v1/things", headers={"Lingjun-Now": "2022-07-01T09:00:00+08:00"})
    assert unasked.status_code == 400
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:lingjun:problem:now-refused"


@pytest.mark.parametrize(
    "now", ["soon", "2022-07-01T09:00:00", "2022-07-01", "0001-01-01T00:00:00+14:00", "2022-02-30T00:00:00Z"]
)
async def test_a_time_without_zone_or_sense_is_refused(http: httpx.AsyncClient, now: str):
    answer = await http.get("/v1/now", headers={"Lingjun-Now": now})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:lingjun:problem:now-malformed"


# ── idempotency keys ─────────────────────────────────────────────────────────────────────────────


async def test_the_same_request_under_the_same_key_is_answered_again_and_not_done_again(
    db: Database, http: httpx.AsyncClient
):
    first = await post(http, "one", key="k")
    second = await post(http, "one", key="k")
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["idempotency-replayed"] == "true"
    assert await things_in(db) == 1


async def test_a_key_reused_for_another_request_is_refused(http: httpx.AsyncClient):
    await post(http, "one", key="k")
    for answer in (
        await post(http, "two", key="k"),
        await http.post("/v1/things?x=1", json={"name": "one"}, headers={"Idempotency-Key": "k"}),
        await http.post("/v1/bulk-things", json={"items": [{"name": "a"}]}, headers={"Idempotency-Key": "k"}),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:lingjun:problem:key-reused"


async def test_a_key_belongs_to_its_principal(http: httpx.AsyncClient):
    await post(http, "one", key="k")
    other = caller_headers("institution") | {"Idempotency-Key": "k"}
    answer = await http.post("/v1/things", json={"name": "two"}, headers=other)
    assert answer.status_code == 201
    assert answer.json()["name"] == "two"


async def test_a_refused_request_may_be_sent_again_under_its_key(http: httpx.AsyncClient):
    await post(http, "taken")
    assert (await post(http, "taken", key="k")).status_code == 409
    assert (await post(http, "free", key="k")).status_code == 201


async def test_twins_in_flight_are_done_once(db: Database, http: httpx.AsyncClient):
    answers = await asyncio.gather(*(post(http, "one", key="k") for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await things_in(db) == 1


async def test_a_secret_is_shown_once_and_its_repetition_is_masked(http: httpx.AsyncClient):
    headers = {"Idempotency-Key": "k"}
    first = await http.post("/v1/secret-things", json={"name": "one"}, headers=headers)
    second = await http.post("/v1/secret-things", json={"name": "one"}, headers=headers)
    assert first.json()["secret"] == "shown once"
    assert second.json() == first.json() | {"secret": None}


async def test_no_secret_is_kept(db: Database, http: httpx.AsyncClient):
    await http.post("/v1/secret-things", json={"name": "one"}, headers={"Idempotency-Key": "k"})
    async with db.read() as session:
        body = await session.scalar(select(idempotency_keys.c.body))
    assert body is not None
    assert b"shown once" not in body


@pytest.mark.parametrize("key", [b"", b"a b", "钥".encode(), b"k" * 256])
async def test_a_key_is_of_visible_ascii_characters(http: httpx.AsyncClient, key: bytes):
    answer = await http.post("/v1/things", json={"name": "one"}, headers={b"Idempotency-Key": key})
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:lingjun:problem:key-malformed"


async def test_forgotten_keys_are_free_again(db: Database, http: httpx.AsyncClient):
    await post(http, "one", key="k")
    assert await erase_old(db, datetime.now(UTC)) == 1
    assert (await post(http, "two", key="k")).status_code == 201


# ── waiting for a copy that lags ─────────────────────────────────────────────────────────────────


async def tell_class(db: Database, class_id: str, *, version: int, status: str) -> None:
    state = Event(
        type="registry.class.state.v1",
        subject=f"registry.class/{class_id}",
        time=datetime.now(UTC),
        version=version,
        data={"id": class_id, "status": status},
    )
    async with db.write() as session:
        await lock_copies(session, [state.subject])
        await bring(session, [state])


async def until_waits(watch: CopyWatch, waiters: int = 1) -> None:
    async with asyncio.timeout(20):
        while watch.waiters < waiters:  # noqa: ASYNC110 - nobody tells it; turning the loop is no sleep
            await asyncio.sleep(0)


async def test_a_class_told_while_the_request_waits_is_found(db: Database, app: FastAPI):
    patient = things_app(db, copy_wait=20)
    class_id = new_id()
    async with client(patient, "department") as http:
        asked = asyncio.create_task(http.post(f"/v1/classes/{class_id}/things", json={"name": "one"}))
        await until_waits(patient.state.copy_watch)
        await tell_class(db, class_id, version=1, status="filed")
        await tell_class(db, class_id, version=2, status="approved")
        answer = await asked
    assert answer.status_code == 201
    assert await things_in(db) == 1


async def test_no_transaction_is_open_while_a_request_waits(db: Database, app: FastAPI):
    patient = things_app(db, copy_wait=20)
    class_id = new_id()
    async with client(patient, "department") as http:
        many = [
            asyncio.create_task(http.post(f"/v1/classes/{class_id}/things", json={"name": f"thing {n}"}))
            for n in range(30)
        ]
        await until_waits(patient.state.copy_watch, waiters=30)
        assert (await post(http, "meanwhile")).status_code == 201
        await tell_class(db, class_id, version=1, status="approved")
        assert {answer.status_code for answer in await asyncio.gather(*many)} == {201}
    assert await things_in(db) == 31


async def test_items_that_rest_on_a_copy_wait_together(db: Database, app: FastAPI):
    patient = things_app(db, copy_wait=20)
    class_id = new_id()
    path, body = f"/v1/classes/{class_id}/bulk-things", {"items": [{"name": "classless"}, {"name": "b"}]}
    async with client(patient, "department") as http:
        asked = asyncio.create_task(http.post(path, json=body))
        await until_waits(patient.state.copy_watch)
        await tell_class(db, class_id, version=1, status="approved")
        results = (await asked).json()["results"]
    assert [result["status"] for result in results] == [201, 201]


async def test_items_whose_copy_never_comes_are_refused_alone(app: FastAPI, db: Database):
    hasty = things_app(db, copy_wait=0.05)
    path, body = f"/v1/classes/{new_id()}/bulk-things", {"items": [{"name": "classless"}, {"name": "b"}]}
    async with client(hasty, "department") as http:
        results = (await http.post(path, json=body)).json()["results"]
    assert [result["status"] for result in results] == [201, 404]


async def test_what_is_still_refused_says_when_to_try_again(db: Database, app: FastAPI):
    hasty = things_app(db, copy_wait=0.05)
    async with client(hasty, "department") as http:
        answer = await http.post(f"/v1/classes/{new_id()}/things", json={"name": "one"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:lingjun:problem:class-unknown"
    assert answer.headers["retry-after"] == "2"


async def test_an_id_that_nobody_can_have_minted_just_now_does_not_wait(db: Database, app: FastAPI):
    patient = things_app(db, copy_wait=20)
    async with client(patient, "department") as http:
        for unknown in ("no-uuid", "01890a5d-ac96-774b-bcce-b302099a8057", "%E7%8F%AD"):
            answer = await http.post(f"/v1/classes/{unknown}/things", json={"name": "one"})
            assert answer.status_code == 404
            assert "retry-after" not in answer.headers


def test_a_copy_that_is_known_may_change_soon_and_an_old_unknown_id_may_not():
    refusal = ClassUnknown("x")
    assert RestsOnCopy(refusal, "registry.class/x", 3).may_change_soon
    assert RestsOnCopy(refusal, f"registry.class/{new_id()}", 0).may_change_soon
    assert not RestsOnCopy(refusal, "registry.class/x", 0).may_change_soon
    assert not RestsOnCopy(refusal, "registry.class/ffffffff-ffff-7fff-bfff-ffffffffffff", 0).may_change_soon


async def test_only_so_many_wait_at_a_time(db: Database, app: FastAPI):
    watch = CopyWatch(db)
    waiting = [asyncio.create_task(watch.rises(("a/b", 1), 20)) for _ in range(MOST_WAITERS)]
    await until_waits(watch, MOST_WAITERS)
    assert await watch.rises(("a/b", 1), 20) is False
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert watch.waiters == 0
