"""The outcome as a function: tables of every rule and treatment, and what holds whatever the totals."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.evaluation.outcome import conclude, rank
from shared.events.policy import Suspension

Totals = dict[str, int | None]
CITED: dict[str, Any] = {"source": "N0000 一", "clause": ["C39"]}


def below(line: str) -> dict[str, Any]:
    return {"rule": "below", "line": line, **CITED}


def bottom(n: int) -> dict[str, Any]:
    return {"rule": "bottom_n", "n": n, **CITED}


def rules(
    *rules: dict[str, Any],
    ties: str = "decide",
    unscored: str = "leave_out",
    few: tuple[int, str] | None = None,
) -> Suspension:
    fewer = {"fewer_than": few[0], "treatment": few[1], "decision": ["P7"]} if few else None
    return Suspension.model_validate(
        {
            "rules": rules,
            "ties": {"treatment": ties, "decision": ["Q3"]},
            "unscored": {"treatment": unscored, "decision": ["Q4"]},
            "few": fewer,
            **CITED,
        }
    )


def totals(text: str) -> Totals:
    """Read `a90 b80.5 c-`: totals in points, a dash for no score."""
    words = text.split()
    return {one[0]: None if one[1:] == "-" else round(float(one[1:]) * 100) for one in words}


def fallen(told: Totals, suspension: Suspension | None) -> str:
    return "".join(sorted(one for one, verdict in conclude(told, suspension).items() if verdict.ground))


def undecided(told: Totals, suspension: Suspension | None) -> str:
    return "".join(sorted(one for one, verdict in conclude(told, suspension).items() if verdict.undecided))


CASES: list[tuple[str, str, Suspension | None, str, str]] = [
    ("nobody falls where the pack suspends nobody", "a10 b20", None, "", ""),
    ("nobody is there", "", rules(bottom(2)), "", ""),
    ("strictly below the line falls", "a79.99 b90", rules(below("80.00")), "a", ""),
    ("on the line passes", "a80.00 b90", rules(below("80.00")), "", ""),
    ("all may be below the line", "a1 b2 c3", rules(below("80.00")), "abc", ""),
    ("the two lowest fall", "a60 b70 c80 d90", rules(bottom(2)), "ab", ""),
    ("the line does not apply to a rule of the lowest", "a81 b82 c83", rules(bottom(2)), "ab", ""),
    ("a tie within the lowest is no tie at the cut", "a60 b60 c80 d90", rules(bottom(2)), "ab", ""),
    ("a tie above the cut is none either", "a60 b70 c80 d80", rules(bottom(2)), "ab", ""),
    ("a tie across the cut is undecided", "a60 b70 c70 d90", rules(bottom(2)), "a", "bc"),
    ("all lowest are tied", "a60 b60 c60 d90", rules(bottom(2)), "", "abc"),
    ("all are tied", "a60 b60 c60", rules(bottom(2)), "", "abc"),
    ("ties: all", "a60 b70 c70 d90", rules(bottom(2), ties="all"), "abc", ""),
    ("ties: none", "a60 b70 c70 d90", rules(bottom(2), ties="none"), "a", ""),
    ("n is all of them", "a60 b70", rules(bottom(2)), "ab", ""),
    ("n is more than all of them", "a60 b70", rules(bottom(5)), "ab", ""),
    ("few: decide", "a60 b70", rules(bottom(2), few=(3, "decide")), "", "ab"),
    ("few: all", "a60 b70", rules(bottom(2), few=(3, "all")), "ab", ""),
    ("few: none", "a60 b70", rules(bottom(2), few=(3, "none")), "", ""),
    ("enough are ranked", "a60 b70 c80", rules(bottom(2), few=(3, "none")), "ab", ""),
    ("few reaches no further than the rule", "a60 b70 c80", rules(bottom(1), few=(5, "all")), "a", ""),
    ("few leaves the tied to a person", "a60 b60 c80", rules(bottom(1), few=(5, "decide")), "", "ab"),
    ("few does not touch the line", "a60", rules(below("80.00"), few=(3, "none")), "a", ""),
    ("unscored are left out", "a- b70 c80", rules(bottom(1)), "b", ""),
    ("few counts who is ranked", "a- b70 c80", rules(bottom(1), few=(3, "none")), "", ""),
    ("unscored as the lowest", "a- b70 c80", rules(bottom(1), unscored="lowest"), "a", ""),
    ("several unscored are tied", "a- b- c80", rules(bottom(1), unscored="lowest"), "", "ab"),
    ("unscored lie below every line", "a- b0 c80", rules(below("0.00"), unscored="lowest"), "a", ""),
    ("unscored left out lie below no line", "a- b70", rules(below("60.00")), "", ""),
    ("combined", "a60 b79 c85 d90", rules(bottom(1), below("80.00")), "ab", ""),
    (
        "a tie of who falls anyway needs no decision",
        "a70 b70 c90",
        rules(bottom(1), below("80.00")),
        "ab",
        "",
    ),
    ("whatever stands first", "a70 b70 c90", rules(below("80.00"), bottom(1)), "ab", ""),
    ("two cuts", "a60 b70 c70 d90", rules(bottom(2), bottom(3)), "abc", ""),
]


@pytest.mark.clause("C39", "Q3", "Q4")
@pytest.mark.parametrize(
    ("_name", "told", "suspension", "falls", "waits"), CASES, ids=[one[0] for one in CASES]
)
def test_the_rules_of_the_pack_say_who_falls(
    _name: str, told: str, suspension: Suspension | None, falls: str, waits: str
):
    assert (fallen(totals(told), suspension), undecided(totals(told), suspension)) == (falls, waits)


def test_equal_totals_share_a_rank():
    assert rank({"a": 90, "b": 80, "c": 80, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}


def test_the_first_rule_by_which_one_falls_is_its_ground():
    suspension = rules(below("80.00"), bottom(1))
    verdicts = conclude(totals("a70 b79 c90"), suspension)
    assert (verdicts["a"].ground, verdicts["b"].ground, verdicts["c"].ground) == ("below", "below", None)
    assert conclude(totals("a70 b79"), rules(bottom(1), below("80.00")))["a"].ground == "bottom_n"


def test_an_unscored_institution_has_a_rank_only_where_it_counts_as_the_lowest():
    assert conclude(totals("a- b70"), rules(bottom(1)))["a"].rank is None
    assert conclude(totals("a- b70"), rules(bottom(1), unscored="lowest"))["a"].rank == 2


@pytest.mark.clause("C39")
def test_every_rule_explains_itself_with_numbers_and_clause():
    suspension = rules(below("80.00"), bottom(1))
    told = conclude(totals("a79.99 b79.99 c90"), suspension)
    ranked, line, place = told["a"].reasons
    assert (ranked.code, ranked.total, ranked.rank, ranked.ranked) == ("ranked", "79.99", 2, 3)
    assert (line.code, line.total, line.line, line.clause) == ("below_line", "79.99", "80.00", ("C39",))
    assert (line.zh, line.en) == ("79.99 低于 80.00 分。", "79.99 is below 80.00.")
    assert (place.code, place.n, place.tied, place.decision) == ("tied_decide", 1, 2, ("Q3",))
    assert [one.code for one in told["c"].reasons] == ["ranked", "on_or_above_line", "above_lowest"]
    assert all(reason.zh and reason.en for verdict in told.values() for reason in verdict.reasons)


@pytest.mark.parametrize("treatment", ["all", "decide", "none"])
def test_each_treatment_of_ties_and_of_too_few_says_so(treatment: str):
    tied = conclude(totals("a60 b60 c90"), rules(bottom(1), ties=treatment))["a"].reasons[-1]
    few = conclude(totals("a60 b70"), rules(bottom(1), few=(3, treatment)))["a"].reasons[-1]
    assert (tied.code, few.code) == (f"tied_{treatment}", f"few_{treatment}")
    assert (tied.tied, few.tied, few.decision) == (2, 1, ("P7",))


SCORES = some.lists(some.one_of(some.none(), some.integers(0, 40)), max_size=12)
TREATMENTS = some.sampled_from(["all", "decide", "none"])
UNSCORED = some.sampled_from(["leave_out", "lowest"])
FEW = some.one_of(some.none(), some.tuples(some.integers(1, 8), TREATMENTS))
ONE_RULE = some.one_of(
    some.integers(0, 40).map(lambda line: below(f"0.{line:02}")), some.integers(1, 6).map(bottom)
)
RULES = some.lists(ONE_RULE, min_size=1, max_size=3)


def named(scores: list[int | None]) -> Totals:
    return {f"{place:02}": score for place, score in enumerate(scores)}


@given(SCORES, RULES, TREATMENTS, UNSCORED, FEW, some.randoms())
def test_the_order_of_institutions_changes_nothing(
    scores: list[int | None], given_: list[Any], ties: str, unscored: str, few: Any, chance: Random
):
    suspension = rules(*given_, ties=ties, unscored=unscored, few=few)
    told = named(scores)
    shuffled = list(told.items())
    chance.shuffle(shuffled)
    assert conclude(dict(shuffled), suspension) == conclude(told, suspension)


@given(SCORES, RULES, TREATMENTS, UNSCORED, FEW, some.randoms())
def test_the_order_of_rules_changes_nobodys_fate(
    scores: list[int | None], given_: list[Any], ties: str, unscored: str, few: Any, chance: Random
):
    told = named(scores)
    shuffled = chance.sample(given_, len(given_))
    one, other = (rules(*order, ties=ties, unscored=unscored, few=few) for order in (given_, shuffled))
    assert (fallen(told, one), undecided(told, one)) == (fallen(told, other), undecided(told, other))


@given(SCORES, RULES, TREATMENTS, UNSCORED, FEW)
def test_combined_rules_suspend_the_union(
    scores: list[int | None], given_: list[Any], ties: str, unscored: str, few: Any
):
    told = named(scores)
    alone = [conclude(told, rules(one, ties=ties, unscored=unscored, few=few)) for one in given_]
    combined = conclude(told, rules(*given_, ties=ties, unscored=unscored, few=few))
    for one, verdict in combined.items():
        falls = any(single[one].ground for single in alone)
        assert bool(verdict.ground) == falls
        assert verdict.undecided == (not falls and any(single[one].undecided for single in alone))


@given(SCORES, some.integers(1, 6), some.sampled_from(["decide", "none"]), UNSCORED)
def test_never_more_than_n_fall_by_themselves(scores: list[int | None], n: int, ties: str, unscored: str):
    told = named(scores)
    verdicts = conclude(told, rules(bottom(n), ties=ties, unscored=unscored))
    ranked = [one for one in verdicts.values() if one.rank is not None]
    falling = [one for one in ranked if one.ground]
    assert len(falling) <= n
    if len({one.rank for one in ranked}) == len(ranked):
        assert len(falling) == min(n, len(ranked))


@given(SCORES, RULES, TREATMENTS, UNSCORED, FEW)
def test_who_falls_never_ranks_above_who_stands(
    scores: list[int | None], given_: list[Any], ties: str, unscored: str, few: Any
):
    verdicts = conclude(named(scores), rules(*given_, ties=ties, unscored=unscored, few=few)).values()
    standing = [one.rank for one in verdicts if one.rank and not one.ground and not one.undecided]
    falling = [one.rank for one in verdicts if one.rank and one.ground]
    assert not (standing and falling) or max(standing) <= min(falling)


@given(SCORES, RULES, TREATMENTS, UNSCORED, FEW)
def test_nobody_both_falls_and_is_undecided(
    scores: list[int | None], given_: list[Any], ties: str, unscored: str, few: Any
):
    for verdict in conclude(named(scores), rules(*given_, ties=ties, unscored=unscored, few=few)).values():
        assert not (verdict.ground and verdict.undecided)
        assert verdict.rank is not None or verdict.ground is None
