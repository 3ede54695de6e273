"""Sealed values: bound to their column and key, readable after a rotation, useless once changed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet, OctKey, OKPKey

from shared.keys import KeyRing
from shared.sealed import SealBroken, Sealed, Sealer, open_from, seal_to


def oct_keys(*names: str) -> KeySet:
    return KeySet([OctKey.generate_key(256, {"kid": name}) for name in names])


DATA, INDEX = oct_keys("data-1"), oct_keys("index-1")
SEALER = Sealer(DATA, INDEX)


@given(st.text())
def test_what_was_sealed_opens_again(plain: str):
    if plain.encode(errors="replace").decode() == plain:
        assert SEALER.open(SEALER.seal(plain, "persons.name"), "persons.name") == plain


def test_a_ciphertext_names_its_algorithm_and_key_and_shows_nothing():
    sealed = SEALER.seal("张三", "persons.name")
    assert sealed.startswith(b"A256GCM:data-1:")
    assert "张三".encode() not in sealed


def test_the_same_value_is_sealed_differently_each_time():
    assert SEALER.seal("张三", "persons.name") != SEALER.seal("张三", "persons.name")


def test_a_value_does_not_open_in_another_column():
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal("张三", "persons.name"), "persons.phone")


def test_a_changed_value_does_not_open():
    sealed = SEALER.seal("张三", "persons.name")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealBroken):
            SEALER.open(changed, "persons.name")


@pytest.mark.parametrize(
    "sealed", [b"", b"A256GCM", b"A256GCM:data-1:", b"SM4:data-1:xxxx", b"A256GCM:gone:x"]
)
def test_what_was_never_sealed_does_not_open(sealed: bytes):
    with pytest.raises(SealBroken):
        SEALER.open(sealed, "persons.name")


def test_a_rotated_key_still_opens_and_the_new_one_seals():
    old = SEALER.seal("张三", "persons.name")
    rotated = Sealer(KeySet([*oct_keys("data-2").keys, *DATA.keys]), INDEX)
    assert rotated.open(old, "persons.name") == "张三"
    assert rotated.seal("张三", "persons.name").startswith(b"A256GCM:data-2:")


def test_equal_values_of_one_column_share_a_blind_index():
    one = SEALER.blind_indexes("11010519491231002X", "persons.document")[0]
    assert one == SEALER.blind_indexes("11010519491231002X", "persons.document")[0]
    assert one != SEALER.blind_indexes("110105194912310021", "persons.document")[0]
    assert one != SEALER.blind_indexes("11010519491231002X", "persons.phone")[0]
    assert one.startswith(b"HS256:index-1:")


def test_a_blind_index_of_another_key_is_another():
    other = Sealer(DATA, oct_keys("index-1"))
    assert other.blind_indexes("x", "c")[0] != SEALER.blind_indexes("x", "c")[0]


def test_what_was_indexed_before_a_rotation_is_still_found():
    rotated = Sealer(DATA, KeySet([*oct_keys("index-2").keys, *INDEX.keys]))
    [fresh, *past] = rotated.blind_indexes("x", "c")
    assert past == SEALER.blind_indexes("x", "c") != [fresh]


# ── to one recipient ─────────────────────────────────────────────────────────────────────────────


def box_keys(name: str) -> KeySet:
    return KeySet([OKPKey.generate_key("X25519", {"kid": name}, private=True)])


def public(keys: KeySet) -> KeySet:
    return KeySet.import_key_set(keys.as_dict(private=False))


def test_only_the_recipient_opens_and_only_for_the_same_purpose():
    recipient = box_keys("names")
    sealed = seal_to(public(recipient), "张三", "certificate-name:1")
    assert (sealed.alg, sealed.key) == ("HPKE-X25519-SHA256-A256GCM", "names")
    assert open_from(recipient, sealed, "certificate-name:1") == "张三"
    for keys, purpose in ((box_keys("names"), "certificate-name:1"), (recipient, "certificate-name:2")):
        with pytest.raises(SealBroken):
            open_from(keys, sealed, purpose)


@pytest.mark.parametrize(
    "sealed",
    [
        Sealed(alg="none", key="names", sealed="AAAA"),
        Sealed(alg="HPKE-X25519-SHA256-A256GCM", key="gone", sealed="AAAA"),
        Sealed(alg="HPKE-X25519-SHA256-A256GCM", key="names", sealed="AAAA"),
        Sealed(alg="HPKE-X25519-SHA256-A256GCM", key="names", sealed="某"),
    ],
)
def test_what_was_sealed_to_nobody_does_not_open(sealed: Sealed):
    with pytest.raises(SealBroken):
        open_from(box_keys("names"), sealed, "p")


def test_a_ring_has_the_keys_of_persons(tmp_path: Path):
    ring = KeyRing(tmp_path, create=True)
    sealed = Sealer.of_persons(ring).seal("张三", "persons.name")
    assert Sealer.of_persons(KeyRing(tmp_path)).open(sealed, "persons.name") == "张三"
