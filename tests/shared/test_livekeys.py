"""Live keys follow their file, and go on with what they know when it cannot be read."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from shared.keys import ROTATIONS, KeyMissing, KeyRing
from shared.livekeys import LiveKeys
from shared.logs import configure
from tests.support.clocks import Clock

SETTLING = ROTATIONS["token-signing"].settling


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> KeyRing:
    return KeyRing(tmp_path, create=True, now=clock)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "token-signing.json"


@pytest.fixture
def live(ring: KeyRing) -> LiveKeys:
    return LiveKeys(ring, "token-signing")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure("registry", stream=stream)
    yield stream
    structlog.reset_defaults()


def kids(live: LiveKeys, now: float) -> list[str | None]:
    return [key.kid for key in live.at(now).keys]


def test_a_new_key_is_known_within_a_second_and_used_when_it_has_settled(
    ring: KeyRing, live: LiveKeys, clock: Clock
):
    (old,) = kids(live, clock.now)
    new = ring.rotate("token-signing")
    assert kids(live, clock.now + 0.9) == [old]
    assert kids(live, clock.now + 1) == [old, new]
    assert kids(live, clock.now + SETTLING - 1) == [old, new]
    assert kids(live, clock.now + SETTLING) == [new, old]


def test_what_was_taken_out_is_forgotten(ring: KeyRing, live: LiveKeys, clock: Clock):
    kids(live, clock.now)
    new = ring.replace("token-signing")
    assert kids(live, clock.now + 1) == [new]


def test_a_clock_that_is_set_back_does_not_stop_the_looking(ring: KeyRing, live: LiveKeys, clock: Clock):
    kids(live, clock.now)
    new = ring.rotate("token-signing")
    assert new in kids(live, clock.now - 3600)


def test_an_unchanged_file_is_not_read_again(live: LiveKeys, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    known = kids(live, clock.now)

    read: list[Path] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert [kids(live, clock.now + second) for second in range(1, 100)] == [known] * 99
    assert read == []


@pytest.mark.parametrize(
    "content",
    ["", '{"keys": [{"kty": "EC", "cr', '{"keys": []}', "[]", '{"keys": [7]}', '{"keys": [{"kty": "XX"}]}'],
)
def test_a_file_that_cannot_be_read_leaves_the_known_keys_and_is_told_once(
    live: LiveKeys, clock: Clock, file: Path, log: io.StringIO, content: str
):
    known, whole = kids(live, clock.now), file.read_bytes()
    file.write_text(content)
    assert [kids(live, clock.now + second) for second in range(1, 5)] == [known] * 4
    (line,) = log.getvalue().splitlines()
    assert json.loads(line)["event"] == "keys not read; the known ones stay"
    file.write_bytes(whole)
    assert kids(live, clock.now + 6) == known
    assert len(log.getvalue().splitlines()) == 1


def test_a_file_that_is_gone_leaves_the_known_keys(
    ring: KeyRing, live: LiveKeys, clock: Clock, file: Path, log: io.StringIO
):
    known = kids(live, clock.now)
    file.rename(file.with_suffix(".away"))
    assert kids(live, clock.now + 1) == known
    assert "keys not read" in log.getvalue()
    file.with_suffix(".away").rename(file)
    new = ring.rotate("token-signing")
    assert kids(live, clock.now + 2) == [*known, new]


def test_a_public_key_among_the_private_ones_is_no_key_to_sign_with(
    ring: KeyRing, live: LiveKeys, clock: Clock, file: Path, log: io.StringIO
):
    known = kids(live, clock.now)
    file.write_text(json.dumps(ring.public("token-signing").as_dict(private=False)))
    assert kids(live, clock.now + 1) == known
    assert "KeyUnfit" in log.getvalue()


def test_no_log_shows_a_key(live: LiveKeys, clock: Clock, file: Path, log: io.StringIO):
    secret = json.loads(file.read_text())["keys"][0]["d"]
    file.write_text(file.read_text()[:-20])
    kids(live, clock.now)
    assert "keys not read" in log.getvalue()
    assert secret not in log.getvalue()


def test_a_key_without_the_instant_of_its_making_is_used(ring: KeyRing, file: Path, clock: Clock):
    ring.private("token-signing")
    keys = json.loads(file.read_text())["keys"]
    del keys[0]["iat"]
    file.write_text(json.dumps({"keys": keys}))
    live = LiveKeys(ring, "token-signing")
    assert kids(live, clock.now) == [keys[0]["kid"]]
    new = ring.rotate("token-signing")
    assert kids(live, clock.now + 1) == [keys[0]["kid"], new]


def test_an_instant_that_is_none_is_refused(live: LiveKeys, clock: Clock, file: Path, log: io.StringIO):
    known = kids(live, clock.now)
    file.write_text(file.read_text().replace(f'"iat": {int(clock.now)}', '"iat": "soon"'))
    assert kids(live, clock.now + 1) == known
    assert "ValueError" in log.getvalue()


def test_production_says_that_the_file_is_missing(tmp_path: Path):
    with pytest.raises(KeyMissing):
        LiveKeys(KeyRing(tmp_path), "token-signing")
