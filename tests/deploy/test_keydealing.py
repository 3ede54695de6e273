"""Each process of the networked home gets its own keys and no others."""

import json
from pathlib import Path

from deploy.keydealing import NEEDS, deal
from shared.keys import PURPOSES, KeyRing


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
