"""Who is asking: stamps that cannot be forged, operations that say who may call, acts asked of the pack."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from shared.caller import (
    ANONYMOUS,
    STAMP_HEADER,
    Caller,
    OrganisationMismatch,
    StampInvalid,
    StampSigner,
    StampVerifier,
    callers,
)
from shared.database import Database
from shared.edge import router
from shared.openapi import undeclared_operations
from tests.support.client import STAMPS, caller_headers, client
from tests.support.things import Row, things_app

KEY = OKPKey.generate_key("Ed25519", {"kid": "one"}, private=True)
OFFICER = Caller(
    principal="client-1",
    organisation_id="org-1",
    kind="talent_exchange_centre",
    offices=frozenset({"coordination_office"}),
    scopes=frozenset({"write"}),
)


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
    async with client(app, "department") as opened:
        yield opened


# ── stamps ───────────────────────────────────────────────────────────────────────────────────────


def test_a_stamp_tells_the_whole_caller():
    stamp = StampSigner(KeySet([KEY])).stamp(OFFICER, now=1000)
    verifier = StampVerifier(KeySet([KEY]))
    assert verifier.verify(stamp, now=1001) == OFFICER
    assert verifier.verify(stamp, now=1059) == OFFICER


def test_a_known_stamp_still_expires():
    stamp = StampSigner(KeySet([KEY])).stamp(OFFICER, now=1000)
    verifier = StampVerifier(KeySet([KEY]))
    verifier.verify(stamp, now=1001)
    with pytest.raises(StampInvalid):
        verifier.verify(stamp, now=1060)


@pytest.mark.parametrize("age", [-60, 60, 3600])
def test_a_stamp_of_another_time_is_refused(age: int):
    stamp = StampSigner(KeySet([KEY])).stamp(OFFICER, now=10_000)
    with pytest.raises(StampInvalid):
        StampVerifier(KeySet([KEY])).verify(stamp, now=10_000 + age)


def test_a_stamp_that_lives_too_long_is_refused():
    stamp = StampSigner(KeySet([KEY])).stamp(OFFICER, now=1000, seconds=61)
    with pytest.raises(StampInvalid):
        StampVerifier(KeySet([KEY])).verify(stamp, now=1001)


def test_a_stamp_of_another_key_is_refused():
    other = OKPKey.generate_key("Ed25519", {"kid": "one"}, private=True)
    stamp = StampSigner(KeySet([other])).stamp(OFFICER, now=1000)
    with pytest.raises(StampInvalid):
        StampVerifier(KeySet([KEY])).verify(stamp, now=1001)


def test_a_stamp_of_a_rotated_key_is_still_read():
    newer = OKPKey.generate_key("Ed25519", {"kid": "two"}, private=True)
    stamp = StampSigner(KeySet([KEY])).stamp(OFFICER, now=1000)
    assert StampVerifier(KeySet([newer, KEY])).verify(stamp, now=1001) == OFFICER


@pytest.mark.parametrize("claims", [{}, {"aud": "lingjun-services"}, {"exp": "x", "iat": None}])
def test_a_signed_text_that_is_no_stamp_is_refused(claims: dict[str, object]):
    text = jwt.encode({"alg": "Ed25519", "kid": "one"}, claims, KEY, algorithms=["Ed25519"])
    with pytest.raises(StampInvalid):
        StampVerifier(KeySet([KEY])).verify(text, now=1001)


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é", "e30.e30.", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_stamp_at_all_is_refused(text: str):
    with pytest.raises(StampInvalid):
        StampVerifier(KeySet([KEY])).verify(text, now=1001)


def test_the_stamps_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shared.caller._CACHE_SIZE", 3)
    signer, verifier = StampSigner(KeySet([KEY])), StampVerifier(KeySet([KEY]))
    for number in range(10):
        verifier.verify(signer.stamp(Caller(principal=str(number), kind="bureau"), now=1000), now=1001)
    assert len(verifier._known) <= 3


async def test_a_request_without_a_stamp_is_refused(app: FastAPI):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as bare:
        answer = await bare.get("/v1/things")
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:lingjun:problem:stamp-missing"
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_forged_stamp_is_refused(http: httpx.AsyncClient):
    answer = await http.get("/v1/things", headers={STAMP_HEADER: "forged"})
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:lingjun:problem:stamp-invalid"
    assert "invalid_token" in answer.headers["www-authenticate"]


# ── what operations declare ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "statuses"),
    [(ANONYMOUS, (200, 401, 401)), ("department", (200, 201, 403)), ("bureau", (200, 201, 404))],
)
async def test_an_operation_is_open_to_those_it_declares(
    app: FastAPI, kind: str, statuses: tuple[int, int, int]
):
    async with client(app, kind) as http:
        answers = [
            await http.get("/v1/things"),
            await http.post("/v1/things", json={"name": "one"}),
            await http.put("/v1/things/x", json={"name": "one"}),
        ]
    assert tuple(answer.status_code for answer in answers) == statuses


async def test_who_may_not_call_is_told_who_may(http: httpx.AsyncClient):
    problem = (await http.put("/v1/things/x", json={"name": "one"})).json()
    assert problem["type"] == "urn:lingjun:problem:caller-not-allowed"
    assert (problem["kind"], problem["allowed"]) == ("department", ["bureau"])


async def test_who_may_not_call_is_not_told_what_is_wrong_with_the_body(http: httpx.AsyncClient):
    assert (await http.put("/v1/things/x", json={})).status_code == 403


async def test_the_pack_says_who_holds_an_act(app: FastAPI, http: httpx.AsyncClient):
    refused = await http.post("/v1/reviews", json={"name": "one"})
    held = caller_headers("promotion_centre", offices=["office"])
    assert (await http.post("/v1/reviews", json={"name": "one"}, headers=held)).status_code == 200
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:lingjun:problem:act-not-held"
    assert refused.json()["holders"] == ["office"]


async def test_an_operation_that_forgot_to_ask_for_its_act_is_undone(db: Database, http: httpx.AsyncClient):
    answer = await http.post("/v1/reviews", json={"name": "unasked"})
    assert answer.status_code == 500
    assert (await http.get("/v1/things")).json()["items"] == []


async def test_a_kind_that_needs_no_act_is_not_asked_for_it(http: httpx.AsyncClient):
    answer = await http.post("/v1/reviews", json={"name": "one"}, headers=caller_headers("bureau"))
    assert answer.status_code == 200


async def test_a_bulk_operation_that_refused_every_item_had_nothing_to_ask(http: httpx.AsyncClient):
    refused = await http.post("/v1/bulk-reviews", json={"items": [{"name": "forbidden"}]})
    forgotten = await http.post("/v1/bulk-reviews", json={"items": [{"name": "one"}]})
    assert (refused.status_code, forgotten.status_code) == (200, 500)


def test_an_operation_declares_exactly_one_way_of_being_called():
    with pytest.raises(ValueError, match="declare"):
        callers()
    with pytest.raises(ValueError, match="declare"):
        callers(anyone=True, signed_in=True)
    with pytest.raises(ValueError, match="declare"):
        callers(signed_in=True, act="review")


def test_an_operation_that_does_not_declare_its_callers_cannot_be_made():
    with pytest.raises(ValueError, match="does not declare"):
        router().get("/v1/open")(nothing)


async def nothing() -> None:
    """Answer an operation that declares nothing."""


def test_undeclared_operations_are_found(app: FastAPI):
    assert undeclared_operations(app) == []
    app.openapi_schema = None
    app.add_api_route("/v1/open", nothing, methods=["POST"])
    assert undeclared_operations(app) == ["POST /v1/open"]


def test_a_caller_of_another_organisation_is_refused():
    OFFICER.require_organisation("org-1")
    with pytest.raises(OrganisationMismatch):
        OFFICER.require_organisation("org-2")


def test_each_request_has_its_own_note_of_what_was_asked():
    stamp = caller_headers("bureau")[STAMP_HEADER]
    STAMPS.verify(stamp).asked.add("review")
    assert STAMPS.verify(stamp).asked == set()
