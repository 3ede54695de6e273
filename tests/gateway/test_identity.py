"""Tokens at the door: who is recognised, who is refused, and how long a verdict is believed."""

import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey

from gateway.errors import KeyStrange, KeysUnknown, TokenExpired, TokenForged, TokenRefused
from gateway.identity import Identity
from shared.caller import StampSigner, StampVerifier
from tests.support.door import Door, Opening


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stamps() -> KeySet:
    return KeySet([OKPKey.generate_key("Ed25519", {"kid": "s1"})])


@pytest.fixture
def identity(clock: Clock, stamps: KeySet, token_key: ECKey) -> Identity:
    identity = Identity(StampSigner(stamps), now=clock)
    identity.trust(_published(token_key))
    identity.distrust([])
    return identity


def _published(*keys: ECKey) -> bytes:
    return json.dumps(KeySet(list(keys)).as_dict(private=False)).encode()


def _claims(clock: Clock, **replaced: object) -> dict[str, object]:
    return {
        "aud": "lingjun",
        "sub": "client-1",
        "org": "organisation-1",
        "kind": "bureau",
        "offices": ["coordination"],
        "exp": int(clock.now) + 600,
    } | replaced


def _bearer(key: ECKey, claims: dict[str, object]) -> bytes:
    return b"Bearer " + jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key).encode()


def test_a_verdict_and_its_stamp_are_reused_for_less_than_a_stamp_lives(
    identity: Identity, clock: Clock, stamps: KeySet, token_key: ECKey
):
    shown = _bearer(token_key, _claims(clock))
    first = identity.recognise(shown)
    clock.now += 44
    assert identity.recognise(shown) is first
    assert StampVerifier(stamps).verify(first.stamp.decode(), now=clock.now).kind == "bureau"
    clock.now += 2
    assert identity.recognise(shown).stamp != first.stamp


def test_a_verdict_ends_with_its_token(identity: Identity, clock: Clock, token_key: ECKey):
    shown = _bearer(token_key, _claims(clock, exp=int(clock.now) + 10))
    identity.recognise(shown)
    clock.now += 10
    with pytest.raises(TokenExpired):
        identity.recognise(shown)


def test_a_withdrawn_key_is_believed_no_longer(identity: Identity, clock: Clock, token_key: ECKey):
    shown = _bearer(token_key, _claims(clock))
    identity.recognise(shown)
    identity.trust(_published(ECKey.generate_key("P-256", {"kid": "t2"})))
    with pytest.raises(KeyStrange):
        identity.recognise(shown)


def test_before_any_key_was_heard_nobody_is_recognised(clock: Clock, stamps: KeySet, token_key: ECKey):
    identity = Identity(StampSigner(stamps), now=clock)
    with pytest.raises(KeysUnknown):
        identity.recognise(_bearer(token_key, _claims(clock)))
    assert identity.recognise(None).caller.is_anonymous


def test_a_secret_of_the_attacker_is_no_key_of_the_registry(
    identity: Identity, clock: Clock, token_key: ECKey
):
    public = OctKey.import_key(str(token_key.as_dict(private=False)["x"]))
    forged = jwt.encode({"alg": "HS256", "kid": token_key.kid}, _claims(clock), public)
    with pytest.raises(TokenForged):
        identity.recognise(b"Bearer " + forged.encode())


@pytest.mark.parametrize(
    "replaced",
    [{"aud": "elsewhere"}, {"sub": None}, {"exp": None}, {"exp": "soon"}, {"offices": 7}, {"sub": 7}],
)
def test_a_token_for_something_else_is_refused(
    identity: Identity, clock: Clock, token_key: ECKey, replaced: dict[str, object]
):
    with pytest.raises(TokenRefused):
        identity.recognise(_bearer(token_key, _claims(clock, **replaced)))


def test_remembering_verdicts_takes_bounded_memory(identity: Identity, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gateway.identity._REMEMBERED", 2)
    for number in range(5):
        with pytest.raises(TokenRefused):
            identity.recognise(f"Basic {number}".encode())
    identity.recognise(None)
    assert len(identity._verdicts) <= 2


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer a.b.c", "Bearer " + "x" * 500, "Basic aWQ6c2VjcmV0", "nonsense", "Bearer e30.e30."],
)
async def test_a_broken_token_is_a_problem_that_names_the_challenge(door: Door, authorization: str):
    answer = await door.http.get("/v1/classes", headers={"authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["fixed_by"] == "caller"


async def test_an_expired_token_is_said_to_be_expired_in_the_clients_language(door: Door):
    headers = door.token(exp=int(time.time()) - 1) | {"accept-language": "en"}
    english = await door.http.get("/v1/classes", headers=headers)
    chinese = await door.http.get("/v1/classes", headers=door.token(exp=1))
    assert english.json()["type"] == "urn:lingjun:problem:token-expired"
    assert "expired" in english.json()["detail"]
    assert "过期" in chinese.json()["detail"]
    assert english.headers["www-authenticate"].endswith('error="invalid_token"')


async def test_a_token_of_another_signer_is_refused_and_reaches_no_service(door: Door):
    stranger = ECKey.generate_key("P-256", {"kid": "t1"})
    seen = len(door.services["registry"].scopes)
    answer = await door.http.get("/v1/classes", headers=door.token(key=stranger))
    assert answer.status_code == 401
    assert len(door.services["registry"].scopes) == seen


async def test_a_key_that_is_new_is_fetched_when_it_is_first_seen(door: Door, token_key: ECKey):
    new = ECKey.generate_key("P-256", {"kid": "t2"})
    door.services["registry"].jwks = dict(KeySet([new, token_key]).as_dict(private=False))
    answer = await door.http.get("/v1/classes", headers=door.token(key=new))
    assert answer.status_code == 200


async def test_with_the_registry_down_known_tokens_stay_good(opening: Opening):
    door = await opening("process")

    async def down(*_: object) -> None:
        raise ConnectionError

    door.gateway._upstreams["registry"] = down
    await door.gateway.refresh()
    answer = await door.http.get("/v1/rosters", headers=door.token())
    assert answer.status_code == 200


async def test_a_revoked_client_is_refused_though_its_token_still_runs(door: Door):
    assert (await door.http.get("/v1/classes", headers=door.token())).status_code == 200
    door.services["registry"].revoked = ["client-1"]
    await door.gateway.refresh()
    answer = await door.http.get("/v1/classes", headers=door.token())
    other = await door.http.get("/v1/classes", headers=door.token(sub="client-2"))
    assert answer.json()["type"] == "urn:lingjun:problem:client-revoked"
    assert (answer.status_code, other.status_code) == (401, 200)


async def test_revocations_are_for_the_door_alone(door: Door):
    assert (await door.http.get("/oauth/revocations")).status_code == 404
