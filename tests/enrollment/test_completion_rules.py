"""Who completed a class: exact at the boundary, and never without the numbers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.completion.domain import (
    CompletionConfirmedAlready,
    ConfirmerIsProposer,
    Criteria,
    Learning,
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
    judgement = judge(Learning(minutes=minutes), held=1000, examined=0, criteria=Criteria(percent, least))
    assert (judgement.met, [reason.code for reason in judgement.reasons]) == (met, codes)


@pytest.mark.parametrize(
    ("did", "examined", "codes", "met"),
    [
        ({"online_minutes": 119}, 0, ["online_short", "report_missing", "scores_short"], False),
        (
            {"online_minutes": 120, "report_accepted": True, "courses_passed": 2},
            2,
            ["online_met", "report_accepted", "scores_met"],
            True,
        ),
        (
            {"online_minutes": 120, "report_accepted": True, "courses_passed": 1},
            2,
            ["online_met", "report_accepted", "scores_short"],
            False,
        ),
        # Scores are asked and nobody was examined: nobody has passed.
        (
            {"online_minutes": 120, "report_accepted": True},
            0,
            ["online_met", "report_accepted", "scores_short"],
            False,
        ),
    ],
)
def test_what_the_pack_asks_of_everybody_is_judged_beside_the_plan(
    did: dict[str, Any], examined: int, codes: list[str], *, met: bool
):
    asked = Criteria(80, 0, min_online_minutes=120, report_required=True, min_score=6000)
    judgement = judge(Learning(minutes=1000, **did), held=1000, examined=examined, criteria=asked)
    assert [reason.code for reason in judgement.reasons] == ["attendance_met", *codes]
    assert judgement.met is met
    assert all(reason.zh and reason.en for reason in judgement.reasons)


def test_a_reason_says_what_was_measured_and_what_is_required_in_both_languages():
    reason = judge(Learning(minutes=799), held=1000, examined=0, criteria=Criteria(80, 0)).reasons[0]
    assert "79%" in reason.zh
    assert "80%" in reason.zh
    assert reason.en == "Attendance 79%, below the 80% required."


@given(st.integers(1, 10**6), st.integers(0, 100), st.data())
def test_rounding_the_percentage_down_never_changes_who_passes(held: int, percent: int, data: st.DataObject):
    minutes = data.draw(st.integers(0, held))
    judgement = judge(Learning(minutes=minutes), held=held, examined=0, criteria=Criteria(percent, 0))
    assert judgement.met is (minutes * 100 >= percent * held)


def test_a_confirmed_completion_is_not_confirmed_again():
    with pytest.raises(CompletionConfirmedAlready):
        check_proposed("c", "confirmed")


@pytest.mark.clause("Q16")
def test_the_proposer_cannot_confirm():
    check_confirmer("c", "client-a", "client-b")
    with pytest.raises(ConfirmerIsProposer):
        check_confirmer("c", "client-a", "client-a")
