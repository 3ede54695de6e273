"""Floors: exact shares, and how many persons are missing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.progress.domain import measure
from shared.events.policy import Floor


def floor(**rule: Any) -> Floor:
    return Floor(code="floor", zh="下限", en="floor", source="text", **rule)


PERSONS = floor(min_persons=2000)
SHARE = floor(
    attribute="industry_section", **{"in": ("C",)}, min_share="0.30", denominator="approved_persons"
)


@pytest.mark.clause("C06")
@pytest.mark.parametrize(
    ("persons", "reached", "missing"), [(0, False, 2000), (1999, False, 1), (2000, True, 0), (2500, True, 0)]
)
def test_a_floor_of_persons_is_reached_at_its_number_and_caps_nothing(
    persons: int, *, reached: bool, missing: int
):
    reach = measure(PERSONS, counted=persons, persons=persons)
    assert (reach.reached, reach.missing, reach.denominator, reach.share) == (reached, missing, None, None)


@pytest.mark.clause("C07", "Q2")
@pytest.mark.parametrize(
    ("counted", "persons", "reached", "missing", "share"),
    [
        (3, 10, True, 0, "0.3000"),
        (29, 100, False, 1, "0.2900"),
        (2999, 10000, False, 1, "0.2999"),
        (299_999, 1_000_000, False, 1, "0.2999"),
        (1, 4, False, 1, "0.2500"),
        (0, 7, False, 3, "0.0000"),
    ],
)
def test_a_share_is_taken_of_all_approved_persons_and_never_rounded_up(
    counted: int, persons: int, *, reached: bool, missing: int, share: str
):
    reach = measure(SHARE, counted=counted, persons=persons)
    assert (reach.reached, reach.missing, reach.share) == (reached, missing, Decimal(share))


def test_a_share_of_nobody_is_not_reached():
    reach = measure(SHARE, counted=0, persons=0)
    assert (reach.share, reach.reached, reach.missing) == (None, False, 0)


@given(st.integers(1, 10**6), st.data())
def test_as_many_more_persons_as_are_missing_reach_the_share_and_one_fewer_does_not(
    persons: int, data: st.DataObject
):
    counted = data.draw(st.integers(0, persons))
    missing = measure(SHARE, counted=counted, persons=persons).missing
    assert measure(SHARE, counted=counted + missing, persons=persons).reached
    assert not missing or not measure(SHARE, counted=counted + missing - 1, persons=persons).reached
