"""What the door hears of the registry: keys and revocations each by itself, kept while it is down."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from joserfc.jwk import ECKey, KeySet, OKPKey

from gateway.asgi import Receive, Scope, Send
from gateway.errors import ClientRevoked, KeyStrange, KeysUnknown
from gateway.identity import Identity
from gateway.polling import RegistryPoll, spread
from shared.caller import StampSigner
from tests.support.door import Opening

Token = Callable[..., dict[str, str]]


@dataclass
class Registry:
    """Answers what it is told to, or fails: `down` names last words of paths, `held` counts slow answers."""

    keys: list[ECKey]
    revoked: list[str] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    held: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    answers: dict[str, bytes] = field(default_factory=dict)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        word = scope["path"].rsplit("/", 1)[-1]
        self.asked.append(word)
        jwks = json.dumps(KeySet(list(self.keys)).as_dict(private=False)).encode()
        revoked = json.dumps({"client_ids": self.revoked}).encode()
        if len(self.asked) <= self.held:
            await self.gate.wait()
        if word in self.down:
            raise ConnectionError
        body = self.answers.get(word) or (jwks if word == "jwks" else revoked)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


class Ended(Exception):
    """The test has seen enough pauses."""


@dataclass
class Time:
    """A clock that runs while somebody sleeps; after as many pauses as it holds it ends the sleeper."""

    now: float = 100.0
    pauses: list[float] = field(default_factory=list)
    most: int = 1000

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if len(self.pauses) == self.most:
            raise Ended
        self.pauses.append(seconds)
        self.now += seconds


@pytest.fixture
def registry(token_key: ECKey) -> Registry:
    return Registry([token_key])


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def identity() -> Identity:
    return Identity(StampSigner(KeySet([OKPKey.generate_key("Ed25519", {"kid": "s1"})])), now=time.time)


@pytest.fixture
def poll(registry: Registry, identity: Identity, clock: Time) -> RegistryPoll:
    return RegistryPoll(
        {"registry": registry}, identity, poll_seconds=10.0, now=clock, sleep=clock.sleep, chance=lambda: 0.5
    )


def shown(token: Token, **claims: object) -> bytes:
    return token(**claims)["authorization"].encode()


async def test_revocations_are_heard_though_the_keys_are_not(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token
):
    await poll.once()
    registry.down, registry.revoked = {"jwks"}, ["client-1"]
    await poll.once()
    with pytest.raises(ClientRevoked):
        identity.recognise(shown(token))
    assert identity.recognise(shown(token, sub="client-2")).caller.principal == "client-2"


async def test_keys_are_heard_though_the_revocations_are_not(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token
):
    registry.revoked = ["client-1"]
    await poll.once()
    new = ECKey.generate_key("P-256", {"kid": "t2"})
    registry.down, registry.keys = {"revocations"}, [new, *registry.keys]
    await poll.once()
    assert identity.recognise(shown(token, key=new, sub="client-2")).caller.principal == "client-2"
    with pytest.raises(ClientRevoked):
        identity.recognise(shown(token, key=new))


@pytest.mark.parametrize("unheard", ["jwks", "revocations"])
async def test_until_both_were_heard_once_nobody_is_recognised(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token, unheard: str
):
    """Keys without revocations would let in a client that the registry has ended."""
    registry.down, registry.revoked = {unheard}, ["client-1"]
    await poll.once()
    assert not identity.ready
    with pytest.raises(KeysUnknown):
        identity.recognise(shown(token))
    registry.down = set()
    await poll.once()
    with pytest.raises(ClientRevoked):
        identity.recognise(shown(token))


@pytest.mark.parametrize("nonsense", [b"", b"[]", b"{}", b'{"keys": []}', b'{"keys": 7}', b"<html>"])
async def test_an_answer_that_holds_no_keys_changes_nothing(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token, nonsense: bytes
):
    await poll.once()
    registry.answers = {"jwks": nonsense or b" ", "revocations": nonsense or b" "}
    await poll.once()
    assert identity.recognise(shown(token)).caller.principal == "client-1"


async def test_the_pace_is_quick_until_ready_and_then_never_slower_than_the_poll(
    poll: RegistryPoll, registry: Registry, clock: Time
):
    registry.down = {"jwks"}
    clock.most = 2
    with pytest.raises(Ended):
        await poll.keep()
    registry.down = set()
    clock.most = 5
    with pytest.raises(Ended):
        await poll.keep()
    assert clock.pauses == [0.25, 0.25, 0.25, 9.0, 9.0]
    assert len(registry.asked) == 2 * 5


def test_gateways_that_started_together_do_not_poll_in_step():
    pauses = [spread(10.0, chance / 100) for chance in range(101)]
    assert (min(pauses), max(pauses)) == (8.0, 10.0)
    assert len(set(pauses)) == 101


async def test_the_registry_is_asked_again_at_most_once_a_second(
    poll: RegistryPoll, registry: Registry, clock: Time
):
    asked_at = []
    for _ in range(4):
        await poll.again()
        asked_at.append(clock.now)
    assert asked_at == [100.0, 101.0, 102.0, 103.0]
    clock.now += 5
    await poll.again()
    assert (clock.now, registry.asked.count("jwks")) == (108.0, 5)


async def test_all_who_show_a_new_key_at_once_wait_for_one_answer(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token
):
    await poll.once()
    new = ECKey.generate_key("P-256", {"kid": "t2"})
    registry.keys.append(new)
    registry.asked.clear()

    async def show() -> str:
        try:
            return identity.recognise(shown(token, key=new)).caller.principal
        except KeyStrange:
            await poll.again()
            return identity.recognise(shown(token, key=new)).caller.principal

    assert await asyncio.gather(*(show() for _ in range(50))) == ["client-1"] * 50
    assert registry.asked.count("jwks") == 1


async def test_a_late_answer_does_not_put_back_what_a_newer_one_has_changed(
    poll: RegistryPoll, registry: Registry, identity: Identity, token: Token
):
    registry.held = 2
    slow = asyncio.create_task(poll.once())
    await _run_as_far_as_it_goes()
    registry.revoked = ["client-1"]
    newer = asyncio.create_task(poll.once())
    await _run_as_far_as_it_goes()
    registry.gate.set()
    await asyncio.gather(slow, newer)
    with pytest.raises(ClientRevoked):
        identity.recognise(shown(token))


async def _run_as_far_as_it_goes() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_door_opened_while_the_registry_is_down_says_when_to_come_back(opening: Opening):
    async def down(*_: object) -> None:
        raise ConnectionError

    door = await opening("process", {"registry": down})
    answer = await door.http.get("/v1/rosters", headers=door.token())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.json()["type"] == "urn:lingjun:problem:keys-unknown"
    door.gateway._upstreams["registry"] = door.services["registry"]
    await door.gateway.refresh()
    assert (await door.http.get("/v1/rosters", headers=door.token())).status_code == 200


async def test_a_burst_of_tokens_under_a_new_key_is_served_whole(opening: Opening, token_key: ECKey):
    door = await opening("process")
    new = ECKey.generate_key("P-256", {"kid": "t2"})
    door.services["registry"].jwks = dict(KeySet([new, token_key]).as_dict(private=False))
    answers = await asyncio.gather(
        *(door.http.get("/v1/rosters", headers=door.token(key=new, sub=f"client-{n}")) for n in range(20))
    )
    assert {answer.status_code for answer in answers} == {200}
