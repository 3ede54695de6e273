"""The sums of a sheet: exact, and rounded half-up in two places only (Q6)."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.evaluation.domain import (
    IndicatorsMissing,
    IndicatorsRepeated,
    IndicatorsUnknown,
    ScoreTooHigh,
)
from services.evaluation.scheme import apportion
from services.evaluation.sheets import Scale, check_indicators, read_scores, to_text, weighted_total

HUNDRED = Scale(100, 2)


@pytest.mark.clause("Q6")
@pytest.mark.parametrize(
    ("text", "decimals", "hundredths"),
    [
        ("87.125", 2, 8713),
        ("87.124999", 2, 8712),
        ("87.125000", 2, 8713),
        ("79.995", 2, 8000),
        ("79.994999", 2, 7999),
        ("0", 2, 0),
        ("0.005", 2, 1),
        ("100", 2, 10_000),
        ("87.25", 1, 8730),
        ("87.249999", 1, 8720),
        ("87.5", 0, 8800),
        ("87.499999", 0, 8700),
    ],
)
def test_a_score_is_rounded_half_up_to_the_decimals_of_the_pack(text: str, decimals: int, hundredths: int):
    assert read_scores({"1.1": text}, Scale(100, decimals)) == {"1.1": hundredths}


@pytest.mark.parametrize("text", ["100.000001", "100.004", "101", "9999"])
def test_a_score_above_the_top_is_refused_before_it_is_rounded(text: str):
    with pytest.raises(ScoreTooHigh) as refusal:
        read_scores({"1.1": "1", "1.2": text}, HUNDRED)
    assert (refusal.value.indicators, refusal.value.top_score) == (["1.2"], 100)


@given(some.integers(0, 100 * 10**6), some.integers(0, 2))
def test_reading_agrees_with_decimal_arithmetic(millionths: int, decimals: int):
    text = f"{millionths // 10**6}.{millionths % 10**6:06}"
    expected = Decimal(text).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert read_scores({"1": text}, Scale(100, decimals)) == {"1": int(expected * 100)}


@given(some.lists(some.tuples(some.integers(0, 10_000), some.integers(1, 5000)), min_size=1, max_size=25))
@pytest.mark.clause("Q6")
def test_the_total_is_exact_and_rounded_once(leaves: list[tuple[int, int]]):
    scores = {str(place): score for place, (score, _) in enumerate(leaves)}
    weights = dict(zip(scores, apportion([weight for _, weight in leaves]), strict=True))
    exact = sum(Decimal(scores[one]) * weights[one] for one in scores) / Decimal(10_000)
    expected = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert weighted_total(scores, weights, HUNDRED) == expected


def test_the_same_score_throughout_is_the_total():
    weights = {str(place): weight for place, weight in enumerate(apportion([1] * 7))}
    assert weighted_total(dict.fromkeys(weights, 8713), weights, HUNDRED) == 8713


def test_a_total_is_rounded_to_the_decimals_of_the_pack():
    weights = {"a": 5000, "b": 5000}
    assert weighted_total({"a": 8700, "b": 8800}, weights, Scale(100, 0)) == 8800
    assert weighted_total({"a": 8700, "b": 8710}, weights, Scale(100, 1)) == 8710


@pytest.mark.parametrize(
    ("given_", "error", "named"),
    [
        (["a", "b", "b"], IndicatorsRepeated, ["b"]),
        (["a", "b", "x"], IndicatorsUnknown, ["x"]),
        (["a"], IndicatorsMissing, ["b"]),
    ],
)
def test_a_sheet_has_every_indicator_once(given_: list[str], error: type[Exception], named: list[str]):
    with pytest.raises(error) as refusal:
        check_indicators(given_, ["a", "b"])
    assert vars(refusal.value) == {"indicators": named}


def test_hundredths_are_written_with_two_decimals():
    assert [to_text(one) for one in (0, 5, 8000, 8713, 10_000)] == [
        "0.00",
        "0.05",
        "80.00",
        "87.13",
        "100.00",
    ]
