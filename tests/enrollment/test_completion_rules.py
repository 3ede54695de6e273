"""Who completed a class: exact at the boundary, and never without the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.completion.domain import (
    CompletionConfirmedAlready,
    ConfirmerIsProposer,
    Criteria,
    check_confirmer,
    check_proposed,
    judge,
)

pytestmark = pytest.mark.clause("C40", "Q10")


@pytest.mark.parametrize(
    ("minutes", "percent", "least", "met", "codes"),
    [
        (800, 80, 0, True, ["attendance_met"]),
        (799, 80, 0, False, ["attendance_short"]),
        (800, 80, 800, True, ["attendance_met", "minutes_met"]),
        (800, 80, 801, False, ["attendance_met", "minutes_short"]),
        (0, 0, 0, True, ["attendance_met"]),
        (1000, 100, 0, True, ["attendance_met"]),
        (10, 80, 600, False, ["attendance_short", "minutes_short"]),
    ],
)
def test_every_criterion_is_judged_at_its_boundary_and_reported(
    minutes: int, percent: int, least: int, *, met: bool, codes: list[str]
):
    judgement = judge(minutes, held=1000, criteria=Criteria(percent, least))
    assert (judgement.met, [reason.code for reason in judgement.reasons]) == (met, codes)


def test_a_reason_says_what_was_measured_and_what_is_required_in_both_languages():
    reason = judge(799, held=1000, criteria=Criteria(80, 0)).reasons[0]
    assert "79%" in reason.zh
    assert "80%" in reason.zh
    assert reason.en == "Attendance 79%, below the 80% required."


@given(st.integers(1, 10**6), st.integers(0, 100), st.data())
def test_rounding_the_percentage_down_never_changes_who_passes(held: int, percent: int, data: st.DataObject):
    minutes = data.draw(st.integers(0, held))
    judgement = judge(minutes, held=held, criteria=Criteria(percent, 0))
    assert judgement.met is (minutes * 100 >= percent * held)


def test_a_confirmed_completion_is_not_confirmed_again():
    with pytest.raises(CompletionConfirmedAlready):
        check_proposed("c", "confirmed")


@pytest.mark.clause("Q16")
def test_the_proposer_cannot_confirm():
    check_confirmer("c", "client-a", "client-b")
    with pytest.raises(ConfirmerIsProposer):
        check_confirmer("c", "client-a", "client-a")
