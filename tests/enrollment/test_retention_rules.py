"""How long who a person is stays known: rules over values, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from services.enrollment.erasures.domain import (
    Past,
    Terms,
    blocks,
    contact_until,
    kept_until,
    years_later,
)
from services.enrollment.erasures.settings import RetentionSettings
from services.enrollment.erasures.wording import sentence

TERMS = Terms(nominated=2, trained=5, completed=10, duty=3, contact_days=90)
ENDED = datetime(2023, 12, 31, 2, tzinfo=UTC)
BEFORE = datetime(2021, 12, 31, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("statuses", "rule", "years"),
    [
        (set[str](), "nominated", 2),
        ({"withdrawn"}, "trained", 5),
        ({"not_completed"}, "trained", 5),
        ({"enrolled"}, "trained", 5),
        ({"not_completed", "completed"}, "completed", 10),
    ],
)
def test_the_most_that_somebody_was_decides_for_how_many_years(statuses: set[str], rule: str, years: int):
    past = Past(cycles={"p.one": ENDED}, statuses=frozenset(statuses))
    assert past.rule == rule
    assert kept_until(past, TERMS) == ENDED.replace(year=ENDED.year + years)
    zh, en = sentence(past, TERMS, erased=False)
    assert str(years) in zh
    assert f"{years} years" in en
    assert "p.one" in zh


def test_years_count_from_the_end_of_the_cycle_that_ended_last():
    past = Past(cycles={"p.later": ENDED, "p.before": BEFORE})
    assert past.last == ("p.later", ENDED)
    assert kept_until(past, TERMS) == ENDED.replace(year=2025)


def test_nothing_counts_while_one_cycle_goes_on():
    past = Past(cycles={"p.before": BEFORE, "p.now": None})
    assert (kept_until(past, TERMS), contact_until(past, TERMS)) == (None, None)
    assert [one.code for one in blocks(past, TERMS, ENDED)] == ["cycle_open"]
    assert "p.now" in sentence(past, TERMS, erased=False)[1]


def test_a_leap_day_is_followed_by_the_last_of_february():
    assert years_later(datetime(2024, 2, 29, tzinfo=UTC), 1) == datetime(2025, 2, 28, tzinfo=UTC)


def test_a_trainee_is_not_erased_before_the_duty_to_keep_the_record_has_ended():
    past = Past(cycles={"p.one": ENDED}, statuses=frozenset({"withdrawn"}))
    ends = ENDED.replace(year=2026)
    [block] = blocks(past, TERMS, ends - timedelta(seconds=1))
    assert (block.code, block.subject_ids, block.until) == ("duty_stands", ("p.one",), ends)
    assert blocks(past, TERMS, ends) == []
    assert blocks(Past(cycles={"p.one": ENDED}), TERMS, ENDED) == []


def test_every_reason_is_told_at_once_with_what_it_rests_on():
    past = Past(
        cycles={"p.one": ENDED},
        statuses=frozenset({"enrolled"}),
        under_way=("a",),
        unconfirmed=("b", "c"),
        activities=("d",),
    )
    found = {one.code: one.subject_ids for one in blocks(past, TERMS, ENDED)}
    assert found == {
        "class_under_way": ("a",),
        "completion_open": ("b", "c"),
        "activity_open": ("d",),
        "duty_stands": ("p.one",),
    }


def test_a_phone_is_kept_as_long_as_one_consent_stands():
    def until(*consents: datetime | None) -> datetime | None:
        return contact_until(Past(cycles={"p.one": ENDED}, consents=consents), TERMS)

    assert until() == ENDED + timedelta(days=90)
    assert until(None) is None
    assert until(ENDED, None) is None
    assert until(BEFORE) == ENDED + timedelta(days=90)
    assert until(ENDED + timedelta(days=500)) == ENDED + timedelta(days=500)


def test_settings_that_contradict_each_other_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ENROLLMENT_RETENTION_COMPLETED_YEARS", "30")
    assert RetentionSettings().terms.completed == 30
    monkeypatch.setenv("ENROLLMENT_RETENTION_TRAINED_YEARS", "1")
    with pytest.raises(ValidationError, match="kept"):
        RetentionSettings()
