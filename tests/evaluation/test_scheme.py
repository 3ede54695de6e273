"""The indicator tree: balanced as it ships, and balanced again where a cycle lacks what a leaf is about."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.evaluation import scheme as schemes
from services.evaluation.scheme import SchemeUnbalanced, apportion, get_scheme
from tests.evaluation.stage import shipped_pack

SCHEME = get_scheme("illustrative")
LEAVES = [leaf for group in SCHEME.groups for leaf in group.leaves]


def codes(cycle: str) -> set[str]:
    return {one["code"] for one in SCHEME.adapted(shipped_pack(cycle))}


def test_the_shipped_tree_has_six_groups_and_22_leaves_that_come_to_100():
    assert (len(SCHEME.groups), len(LEAVES), sum(leaf.weight for leaf in LEAVES)) == (6, 22, 100)
    assert len({leaf.code for leaf in LEAVES}) == 22
    assert {basis for leaf in LEAVES for basis in leaf.basis} <= SCHEME.bases.keys()


def test_the_tree_says_of_itself_that_it_is_illustrative():
    assert "示例" in SCHEME.note.zh
    assert "illustrative" in SCHEME.note.en


def test_a_tree_that_does_not_come_to_100_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = (schemes._FOLDER / "illustrative.yaml").read_text("utf-8")
    (tmp_path / "lame.yaml").write_text(text.replace('weight: "6.00"', 'weight: "6.01"', 1), "utf-8")
    monkeypatch.setattr(schemes, "_FOLDER", tmp_path)
    with pytest.raises(SchemeUnbalanced):
        get_scheme("lame")


@pytest.mark.clause("C07", "C38")
def test_the_share_of_manufacturing_is_an_indicator_only_where_there_is_such_a_floor():
    assert "4.2" in codes("2019-2020")
    assert "4.2" not in codes("2022-2023")


@pytest.mark.clause("C28", "C33")
def test_tiers_and_funds_are_indicators_only_where_the_cycle_has_them():
    absent = {"4.3", "6.1", "6.2", "6.3"}
    assert not absent & codes("2019-2020")
    assert absent <= codes("2022-2023")


@pytest.mark.clause("C41")
def test_a_cycle_without_course_directions_is_not_asked_about_them():
    pack = shipped_pack("2022-2023").model_copy(update={"course_directions": ()})
    assert "2.2" not in {one["code"] for one in SCHEME.adapted(pack)}


@pytest.mark.parametrize("cycle", ["2019-2020", "2022-2023"])
def test_the_weights_of_an_adapted_tree_come_to_exactly_100(cycle: str):
    adapted = SCHEME.adapted(shipped_pack(cycle))
    assert sum(one["weight"] for one in adapted) == 10_000
    assert all(one["weight"] > 0 for one in adapted)


def test_the_largest_remainder_is_served_and_of_equal_ones_the_earlier():
    assert apportion([1, 1, 1]) == [3334, 3333, 3333]
    assert apportion([4, 2, 1]) == [5714, 2857, 1429]
    assert apportion([100, 100, 100, 100, 100, 100], 10_000) == [1667, 1667, 1667, 1667, 1666, 1666]


@given(some.lists(some.integers(1, 5000), min_size=1, max_size=60))
def test_apportioned_weights_come_to_the_whole_and_none_is_off_by_one(weights: list[int]):
    apportioned = apportion(weights)
    assert sum(apportioned) == 10_000
    for weight, got in zip(weights, apportioned, strict=True):
        assert abs(got * sum(weights) - weight * 10_000) < sum(weights)
