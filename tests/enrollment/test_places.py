"""Which rows a roster gets, and in which order people wait: the rules alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.rosters.places import (
    NominationsNotOpen,
    NominationsNotWaiting,
    ReplacementRepeated,
    TooFewWait,
    check_marks,
    choose_rows,
    order_waiting,
)

QUEUE = ["a", "b", "c", "d"]


def rows(listed: list[str] | None, marks: list[tuple[str | None, str]], room: int) -> str:
    """Write the rows as `a b>e`: b takes the place of the enrolment e."""
    chosen = choose_rows("class", QUEUE, listed, check_marks(marks), room)
    return " ".join(one if left is None else f"{one}>{left}" for one, left in chosen)


@pytest.mark.clause("Q8")
@pytest.mark.parametrize(
    ("listed", "marks", "room", "chosen"),
    [
        (None, [], 2, "a b"),
        (None, [], 9, "a b c d"),
        (None, [], 0, ""),
        (None, [], -1, ""),
        (None, [("c", "x")], 1, "c>x"),
        (None, [("c", "x")], 2, "a c>x"),
        (None, [(None, "x")], 1, "a>x"),
        (None, [("a", "x"), (None, "y")], 3, "a>x b>y c"),
        (["d", "b"], [], 0, "d b"),
        (["d"], [("b", "x")], 0, "d b>x"),
        (["b"], [("b", "x")], 0, "b>x"),
        (["a"], [(None, "x")], 0, "a b>x"),
    ],
)
def test_the_rows_are_those_named_or_the_front_of_the_queue(
    listed: list[str] | None, marks: list[tuple[str | None, str]], room: int, chosen: str
):
    assert rows(listed, marks, room) == chosen


def test_nobody_is_listed_who_is_not_open_nor_replaced_by_nobody():
    with pytest.raises(NominationsNotOpen) as refused:
        rows(["a", "z"], [("y", "x")], 9)
    assert refused.value.nomination_ids == ["y", "z"]
    with pytest.raises(TooFewWait):
        rows(["a", "b", "c", "d"], [(None, "x")], 9)
    with pytest.raises(ReplacementRepeated):
        rows(None, [(None, "x"), ("a", "x")], 9)


@given(st.lists(st.integers(1, 99), unique=True, min_size=1, max_size=12), st.data())
def test_an_order_moves_those_named_to_the_front_and_no_turn_is_lost(turns: list[int], data: st.DataObject):
    waiting = [(f"n{turn}", turn) for turn in sorted(turns)]
    names = [name for name, _ in waiting]
    first = data.draw(st.lists(st.sampled_from(names), unique=True))
    dealt = order_waiting("class", waiting, first)
    assert sorted(dealt.values()) == sorted(turns)
    assert sorted(dealt, key=dealt.__getitem__) == first + [name for name in names if name not in first]


def test_who_does_not_wait_is_given_no_turn():
    with pytest.raises(NominationsNotWaiting):
        order_waiting("class", [("a", 1)], ["b"])
