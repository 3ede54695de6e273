"""Each process of the networked home gets its own keys and no others."""

import json
import time
from pathlib import Path

import pytest

from deploy.keydealing import NEEDS, deal, prune, replace, rotate
from shared.keys import PURPOSES, KeyRing, RotationSettling


def test_every_purpose_is_somebodys_need():
    assert {purpose for need in NEEDS.values() for purpose in need.private} == set(PURPOSES)


def test_a_process_gets_what_it_needs_and_nothing_else(tmp_path: Path):
    deal(tmp_path)
    for process, need in NEEDS.items():
        files = {path.name for path in (tmp_path / process).iterdir()}
        private = {f"{purpose}.json" for purpose in need.private}
        assert files == private | {f"{purpose}.public.json" for purpose in need.public}


def test_what_is_public_holds_no_private_half(tmp_path: Path):
    deal(tmp_path)
    for path in tmp_path.rglob("*.public.json"):
        assert all("d" not in key and "k" not in key for key in json.loads(path.read_text())["keys"])


def test_dealing_again_makes_nothing_new(tmp_path: Path):
    assert deal(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert deal(tmp_path) == []
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


def test_services_hold_different_keys_for_personal_data(tmp_path: Path):
    deal(tmp_path)
    identifiers = {
        KeyRing(tmp_path / process).private("person-data").keys[0].kid
        for process in ("registry", "enrollment")
    }
    assert len(identifiers) == 2


def kids(path: Path) -> list[str]:
    return [key["kid"] for key in json.loads(path.read_text())["keys"]]


@pytest.mark.parametrize("purpose", ["stamp", "name-seal", "person-data", "token-signing"])
def test_a_rotation_reaches_whoever_holds_the_key_and_whoever_sees_its_public_half(
    tmp_path: Path, purpose: str
):
    deal(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    made = dict(line.split("/") for line in rotate(tmp_path, purpose))
    assert set(made) == {process for process, need in NEEDS.items() if purpose in need.private}
    for process, need in NEEDS.items():
        if purpose in need.private:
            assert kids(tmp_path / process / f"{purpose}.json")[0] == made[process]
        if purpose in need.public:
            public = tmp_path / process / f"{purpose}.public.json"
            assert kids(public)[0] in made.values()
            assert all("d" not in key for key in json.loads(public.read_text())["keys"])
    changed = {path for path, content in before.items() if path.read_bytes() != content}
    assert {path.name for path in changed} <= {f"{purpose}.json", f"{purpose}.public.json"}
    with pytest.raises(RotationSettling):
        rotate(tmp_path, purpose)


def test_a_rotation_that_was_interrupted_is_finished_by_saying_it_again(tmp_path: Path):
    deal(tmp_path)
    KeyRing(tmp_path / "registry").rotate("person-data")
    rotated = kids(tmp_path / "registry" / "person-data.json")
    (line,) = rotate(tmp_path, "person-data")
    assert line.startswith("enrollment/person-data-")
    assert kids(tmp_path / "registry" / "person-data.json") == rotated


def test_dealt_keys_are_pruned_and_replaced_where_they_lie(tmp_path: Path):
    deal(tmp_path)
    file = tmp_path / "registry" / "token-signing.json"
    (old,) = kids(file)
    KeyRing(tmp_path / "registry", now=lambda: time.time() - 3600).rotate("token-signing")
    assert prune(tmp_path, "token-signing") == [f"registry/{old}"]
    (line,) = replace(tmp_path, "token-signing")
    assert [f"registry/{kid}" for kid in kids(file)] == [line]
