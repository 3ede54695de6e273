"""The key ring: made once, whole, for their owner's eyes; never made by a system in production."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.keys import PURPOSES, KeyMissing, KeyRing


def test_a_rehearsal_makes_what_is_missing_and_reads_it_again(tmp_path: Path):
    for purpose in PURPOSES:
        made = KeyRing(tmp_path / "keys", create=True).private(purpose)
        assert KeyRing(tmp_path / "keys").private(purpose).as_dict(private=True) == made.as_dict(private=True)


def test_a_key_is_for_its_owner_alone(tmp_path: Path):
    KeyRing(tmp_path / "keys", create=True).private("stamp")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["stamp.json"]
    assert stat.S_IMODE((tmp_path / "keys" / "stamp.json").stat().st_mode) == 0o600


def test_production_does_not_make_a_missing_key(tmp_path: Path):
    with pytest.raises(KeyMissing, match=r"stamp\.json is missing"):
        KeyRing(tmp_path).private("stamp")
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_share_one_key(tmp_path: Path):
    with ThreadPoolExecutor(16) as pool:
        starts = [pool.submit(KeyRing(tmp_path, create=True).private, "person-data") for _ in range(64)]
    assert len({start.result().keys[0].kid for start in starts}) == 1


def test_public_keys_show_nothing_private(tmp_path: Path):
    ring = KeyRing(tmp_path, create=True)
    for purpose in ("stamp", "token-signing", "name-seal", "document-signing"):
        assert all("d" not in key for key in ring.public(purpose).as_dict(private=False)["keys"])
        assert not any(key.is_private for key in ring.public(purpose).keys)


def test_a_verifier_may_be_given_the_public_half_alone(tmp_path: Path):
    ring = KeyRing(tmp_path / "signer", create=True)
    public = ring.public("stamp")
    ring.publish("stamp", tmp_path / "verifier")
    assert KeyRing(tmp_path / "verifier").public("stamp").as_dict() == public.as_dict()
    with pytest.raises(KeyMissing):
        KeyRing(tmp_path / "verifier").private("stamp")


def test_what_is_missing_is_made_on_command_and_only_that(tmp_path: Path):
    ring = KeyRing(tmp_path)
    assert set(ring.make_missing()) == set(PURPOSES)
    assert ring.make_missing() == []


def test_a_purpose_is_one_of_the_platform_s(tmp_path: Path):
    with pytest.raises(ValueError, match="no purpose"):
        KeyRing(tmp_path, create=True).private("../stamp")
