"""Token keys change over under two running registries and their gateways: no good token is refused, ever.

On the real files; time is an argument, a second of it a step.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from joserfc.jwk import KeySet, OKPKey

from gateway.errors import KeyStrange, TokenExpired
from gateway.identity import Identity
from gateway.polling import spread
from gateway.settings import GatewaySettings
from services.registry.clients.domain import TOKEN_LIFETIME
from services.registry.clients.tokens import Bearer, TokenIssuer
from shared.caller import StampSigner
from shared.keys import KeyRing
from shared.livekeys import LiveKeys
from shared.rotation import TOKENS
from tests.support.clocks import Clock

POLL = int(GatewaySettings().poll_seconds)
LIFETIME = int(TOKEN_LIFETIME.total_seconds())
BEARER = Bearer(client_id="client-1", organisation_id="organisation-1", kind="bureau", offices=())
STAMPS = KeySet([OKPKey.generate_key("Ed25519", {"kid": "s1"})])
PURPOSE = "token-signing"


@dataclass
class Platform:
    """Two registries on one folder of keys, and a gateway that asks them in turn, every ten seconds."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    polls: int = 0

    def __post_init__(self) -> None:
        self.ring = KeyRing(self.folder, create=True, now=self.clock)
        self.issuers = [TokenIssuer(LiveKeys(self.ring, PURPOSE), "lingjun") for _ in range(2)]
        self.gateway = Identity(StampSigner(STAMPS), now=self.clock)
        self.gateway.distrust([])
        self.poll()

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now, UTC)

    def poll(self) -> None:
        self.gateway.trust(json.dumps(self.issuers[self.polls % 2].jwks(self.now)).encode())
        self.polls += 1

    def issue(self, issuer: int = 0) -> bytes:
        return b"Bearer " + self.issuers[issuer].issue(BEARER, self.now).encode()

    def accepts(self, shown: bytes) -> bool:
        """Show a token to the gateway, which may not ask the registry now."""
        try:
            self.gateway.recognise(shown)
        except KeyStrange:
            return False
        return True

    def published(self) -> list[str]:
        return [key["kid"] for key in self.issuers[0].jwks(self.now)["keys"]]

    def seconds(self, count: int, *, missed: int | None = None) -> Iterator[int]:
        """Let time pass; the gateway polls, but for the poll of that number, which fails."""
        first = self.polls
        for second in range(count):
            self.clock.now += 1
            if int(self.clock.now) % POLL == 0:
                if missed is not None and self.polls == first + missed:
                    self.polls += 1
                    missed = None
                else:
                    self.poll()
            yield second


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path)


@pytest.mark.parametrize("offset", range(0, POLL, 3))
@pytest.mark.parametrize("missed", [None, 0, 1])
def test_at_every_instant_of_a_rotation_every_token_that_runs_is_accepted(
    platform: Platform, offset: int, missed: int | None
):
    """Rotate, use, expire, prune, rotate again; the poll comes at any distance, and one of them fails."""
    platform.clock.now += offset
    live: list[tuple[float, bytes]] = []
    signers = set()
    rotated = []
    for round_ in range(2):
        rotated.append(platform.ring.rotate(PURPOSE))
        for second in platform.seconds(TOKENS.settling + (TOKENS.kept or 0) + 1, missed=missed):
            if second % 20 == 0 or abs(second - TOKENS.settling) < 3:
                fresh = [platform.issue(0), platform.issue(1)]
                signers.add(platform.issuers[0]._keys.at(platform.clock.now).keys[0].kid)
                live = [(end, token) for end, token in live if platform.clock.now < end]
                live += [(platform.clock.now + LIFETIME, token) for token in fresh]
                assert all(platform.accepts(token) for _, token in live), (round_, second)
        if round_ == 0:
            assert len(platform.ring.prune(PURPOSE)) == 1
    assert set(rotated) < signers
    assert len(signers) == 3


def test_a_key_is_published_before_it_signs_and_after_it_has_signed(platform: Platform):
    (old,) = platform.published()
    before = platform.issue()
    new = platform.ring.rotate(PURPOSE)
    platform.clock.now += 1
    assert platform.published() == [old, new]
    platform.clock.now += TOKENS.settling - 2
    last_of_old = platform.issue()
    platform.clock.now += 1
    platform.poll()
    assert platform.published() == [new, old]
    assert all(map(platform.accepts, (last_of_old, before, platform.issue(1))))
    platform.clock.now += LIFETIME - 2
    assert platform.accepts(last_of_old)
    with pytest.raises(TokenExpired):
        platform.accepts(before)
    platform.clock.now += 1
    with pytest.raises(TokenExpired):
        platform.accepts(last_of_old)


def test_an_old_key_goes_when_its_last_token_has_long_expired(platform: Platform):
    (old,) = platform.published()
    platform.ring.rotate(PURPOSE)
    platform.clock.now += TOKENS.settling
    last = platform.issue()
    while platform.ring.prune(PURPOSE) == []:
        platform.clock.now += 1
        platform.poll()
        assert old in platform.published()
    with pytest.raises(TokenExpired):
        platform.accepts(last)
    platform.clock.now += 1
    assert old not in platform.published()


def test_after_a_replacement_old_tokens_end_within_one_poll_and_new_ones_are_good(platform: Platform):
    stolen = platform.issue()
    platform.ring.replace(PURPOSE)
    for _ in platform.seconds(1 + POLL):
        pass
    assert not platform.accepts(stolen)
    assert all(platform.accepts(platform.issue(issuer)) for issuer in (0, 1))


def test_the_published_keys_show_nothing_private_and_nothing_of_ours(platform: Platform):
    platform.ring.rotate(PURPOSE)
    platform.clock.now += 1
    keys = platform.issuers[0].jwks(platform.now)["keys"]
    assert [set(key) for key in keys] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}] * 2


def test_a_key_settles_in_more_time_than_any_gateway_needs_to_hear_of_it():
    two_polls = 2 * (spread(POLL, 0) + 2)
    copied_folders_and_clocks = 180
    assert two_polls + copied_folders_and_clocks < TOKENS.settling
    assert TOKENS.kept is not None
    assert TOKENS.kept >= LIFETIME + 60
