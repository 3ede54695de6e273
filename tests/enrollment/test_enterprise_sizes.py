"""The size class of the SME standard: its vectors, and what is said when it cannot be judged."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enrollment.enterprises.domain import STEPS, judge_size
from services.enrollment.reference import FEN_PER_WAN, SizeCategory, size_categories, size_category

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "sme_thresholds.json").read_text(encoding="utf-8")
)
CATEGORIES = {category.id: category for category in size_categories()}


def in_fen(figures: dict[str, Any]) -> dict[str, int | None]:
    return {
        name.replace("_wan", "_fen"): round(figure * FEN_PER_WAN) if name.endswith("_wan") else figure
        for name, figure in figures.items()
    }


@pytest.mark.clause("C10")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['category']}-{vector['expected']}")
def test_a_size_class_is_the_highest_step_reached_on_every_indicator(vector: dict[str, Any]):
    category = CATEGORIES[vector["category"]]
    size, reason = judge_size(category.id, category.floors, in_fen(vector["input"]))
    assert (size, reason.code) == (vector["expected"], "judged")


def test_the_reason_names_the_floor_that_keeps_an_enterprise_from_the_next_step():
    industry = CATEGORIES["industry"]
    _, reason = judge_size(
        "industry", industry.floors, {"employees": 999, "revenue_fen": 50_000 * FEN_PER_WAN}
    )
    assert reason.missed == {"employees": 1000}
    assert reason.reached == {"employees": 300, "revenue_fen": 2_000 * FEN_PER_WAN}


def test_a_missing_figure_stops_the_judgement_and_is_named():
    size, reason = judge_size("industry", CATEGORIES["industry"].floors, {"employees": 500})
    assert (size, reason.code, reason.missing) == (None, "figures_missing", ("revenue_fen",))


def test_a_missing_figure_does_not_matter_when_the_known_one_misses_the_lowest_floor():
    size, reason = judge_size("industry", CATEGORIES["industry"].floors, {"employees": 3})
    assert (size, reason.missed) == ("micro", {"employees": 20})


@pytest.mark.parametrize(
    ("industry", "category"),
    [
        ("C3824", "industry"),
        ("G5910", "transport"),
        ("G5990", "warehousing"),
        ("K7010", "real_estate_development"),
        ("K7020", "property_management"),
        ("K7090", "other"),
        ("J66", None),
        ("G53", None),
        ("K7040", None),
    ],
)
def test_an_industry_falls_under_one_line_of_the_standard_or_none(industry: str, category: str | None):
    found = size_category(industry)
    assert (found.id if found else None) == category


def test_an_industry_without_a_line_gets_no_size_class():
    assert judge_size(None, {}, {"employees": 5})[1].code == "not_covered"


@given(st.sampled_from(size_categories()), st.data())
def test_more_of_a_figure_never_lowers_the_size_class(category: SizeCategory, data: st.DataObject):
    order = ("micro", *reversed(STEPS))
    figures = {name: data.draw(st.integers(0, 10**13)) for name in category.floors["small"]}
    more = {name: figure + data.draw(st.integers(0, 10**12)) for name, figure in figures.items()}
    smaller, _ = judge_size(category.id, category.floors, figures)
    larger, _ = judge_size(category.id, category.floors, more)
    assert order.index(smaller or "") <= order.index(larger or "")
