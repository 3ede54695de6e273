"""Keys that change over: known to all before they are used, kept while something of theirs lives."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.keys import PURPOSES, ROTATIONS, KeyMissing, KeyRing, OldKeysNeeded, RotationSettling
from shared.rotation import Made, Rotation, in_use, needed, settles_at
from tests.support.clocks import Clock

RULE = Rotation(settling=60, kept=600)
NOW = 10_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(tmp_path: Path, clock: Clock) -> KeyRing:
    ring = KeyRing(tmp_path, now=clock)
    ring.make_missing()
    return ring


def kids(ring: KeyRing, purpose: str = "token-signing") -> list[str | None]:
    return [key.kid for key in ring.private(purpose).keys]


@pytest.mark.parametrize(
    ("made", "place"),
    [
        ([NOW], 0),  # the first key of all is used at once
        ([NOW + 99], 0),
        ([None], 0),
        ([NOW - 59, NOW - 5000], 1),
        ([NOW - 60, NOW - 5000], 0),
        ([NOW + 99, NOW - 5000], 1),  # made by a clock that is ahead
        ([NOW - 5, NOW - 9], 1),
        ([NOW - 5, None], 1),
        ([NOW - 5, NOW - 70, NOW - 5000], 1),
    ],
)
def test_the_newest_key_that_has_settled_is_used(made: list[Made], place: int):
    assert in_use(made, RULE, NOW) == place


@pytest.mark.parametrize(
    ("made", "count"),
    [
        ([NOW], 1),
        ([NOW - 5000], 1),
        ([NOW - 60, NOW - 500], 2),
        ([NOW - 659, NOW - 659], 2),
        ([NOW - 660, NOW - 661], 1),
        ([NOW - 60, NOW - 660, NOW - 5000], 2),
        ([NOW - 60, None, None], 3),  # nobody knows since when the second is used
        ([NOW - 660, None, None], 1),
    ],
)
def test_a_key_is_needed_until_what_it_signed_has_ended(made: list[Made], count: int):
    assert needed(made, RULE, NOW) == count
    assert needed(made, Rotation(settling=60), NOW) == len(made)


@pytest.mark.parametrize(
    ("made", "until"),
    [
        ([NOW], None),
        ([NOW - 59, NOW - 5000], NOW + 1),
        ([NOW - 60, NOW - 5000], None),
        ([None, None], None),
    ],
)
def test_a_rotation_is_under_way_until_its_key_has_settled(made: list[Made], until: int | None):
    assert settles_at(made, RULE, NOW) == until


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_new_key_is_readable_at_once_and_used_when_it_has_settled(
    ring: KeyRing, clock: Clock, purpose: str
):
    (old,) = kids(ring, purpose)
    new = ring.rotate(purpose)
    if settling := ROTATIONS[purpose].settling:
        assert kids(ring, purpose) == [old, new]
        clock.now += settling - 1
        assert kids(ring, purpose) == [old, new]
        with pytest.raises(RotationSettling, match="is used from"):
            ring.rotate(purpose)
    clock.now += 2
    assert kids(ring, purpose) == [new, old]


def test_public_halves_follow_the_same_rule(ring: KeyRing, clock: Clock, tmp_path: Path):
    (old,) = kids(ring, "name-seal")
    new = ring.rotate("name-seal")
    ring.publish("name-seal", tmp_path / "sealer")
    sealer = KeyRing(tmp_path / "sealer", now=clock)
    assert [key.kid for key in sealer.public("name-seal").keys] == [old, new]
    clock.now += ROTATIONS["name-seal"].settling
    assert [key.kid for key in sealer.public("name-seal").keys] == [new, old]
    assert [key.kid for key in ring.public("name-seal").keys] == [new, old]


def test_the_next_rotation_takes_out_what_is_past_its_use(ring: KeyRing, clock: Clock):
    (first,) = kids(ring)
    second = ring.rotate("token-signing")
    rule = ROTATIONS["token-signing"]
    clock.now += rule.settling + (rule.kept or 0) - 1
    assert ring.prune("token-signing") == []
    clock.now += 1
    third = ring.rotate("token-signing")
    assert kids(ring) == [second, third]
    assert first not in kids(ring)


def test_pruning_keeps_what_may_still_be_shown_and_never_the_last_key(ring: KeyRing, clock: Clock):
    (first,) = kids(ring)
    second = ring.rotate("token-signing")
    assert ring.prune("token-signing") == []
    clock.now += 10**7
    assert ring.prune("token-signing") == [first]
    assert ring.prune("token-signing") == []
    assert kids(ring) == [second]


def test_what_must_stay_readable_keeps_all_its_keys(ring: KeyRing, clock: Clock):
    for purpose in set(PURPOSES) - {"token-signing"}:
        (old,) = kids(ring, purpose)
        ring.rotate(purpose)
        clock.now += 10**9
        assert ring.prune(purpose) == []
        assert old in kids(ring, purpose)
        with pytest.raises(OldKeysNeeded):
            ring.replace(purpose)
        assert old in kids(ring, purpose)


def test_a_replaced_key_is_gone_and_the_new_one_is_used_at_once(ring: KeyRing, clock: Clock):
    ring.rotate("token-signing")  # even while another rotation is under way
    replacing = ring.replace("token-signing")
    assert kids(ring) == [replacing]
    clock.now += 1
    new = ring.rotate("token-signing")
    assert kids(ring) == [replacing, new]


def test_a_key_that_is_missing_is_not_rotated_into_being(tmp_path: Path):
    for change in (KeyRing.rotate, KeyRing.replace, KeyRing.prune):
        with pytest.raises(KeyMissing):
            change(KeyRing(tmp_path / "none"), "token-signing")
        with pytest.raises(KeyMissing):
            change(KeyRing(tmp_path), "token-signing")


def test_of_rotations_at_once_none_is_lost(ring: KeyRing, tmp_path: Path, clock: Clock):
    """The first is made and the others find it settling; unguarded, the last would overwrite it."""

    def rotate(_: int) -> str | None:
        try:
            return KeyRing(tmp_path, now=clock).rotate("token-signing")
        except RotationSettling:
            return None

    (old,) = kids(ring)
    with ThreadPoolExecutor(8) as pool:
        made = [kid for kid in pool.map(rotate, range(32)) if kid]
    assert kids(ring) == [old, *made]
    assert len(made) == 1


class Killed(BaseException):
    """The process ends here."""


STEPS = {
    "before the draft": (os, "open", 1, False),  # the first opening is of the folder, to be alone in it
    "before it is written": (os, "fdopen", 0, False),
    "before it is safe": (os, "fsync", 0, False),
    "before it takes the name": (Path, "replace", 0, False),
    "before the name is safe": (os, "open", 2, True),
    "while the name is made safe": (os, "fsync", 1, True),
}


@pytest.mark.parametrize(("owner", "name", "earlier", "renamed"), STEPS.values(), ids=STEPS)
def test_a_rotation_that_is_cut_short_leaves_the_old_file_or_the_new(
    ring: KeyRing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    earlier: int,
    renamed: bool,
):
    (old,) = kids(ring)
    monkeypatch.setattr(owner, name, _cut(getattr(owner, name), earlier))
    with pytest.raises(Killed):
        ring.rotate("token-signing")
    monkeypatch.undo()
    left = kids(KeyRing(tmp_path))
    assert (len(left), old in left) == (2 if renamed else 1, True)


def _cut(call: Callable[..., Any], earlier: int) -> Callable[..., Any]:
    """Let some calls pass and end the process at the next."""
    passed: list[None] = []

    def cut(*given: Any, **named: Any) -> Any:
        if len(passed) == earlier:
            raise Killed
        passed.append(None)
        return call(*given, **named)

    return cut
