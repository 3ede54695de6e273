"""Which xAPI statements count, member by member."""

from datetime import UTC, date, datetime

import pytest

from services.enrollment.online.domain import (
    LearntOutsideClass,
    StatementMalformed,
    VerbNotCounted,
    check_time,
    read_statement,
)
from tests.support.statements import statement

pytestmark = pytest.mark.clause("C23")


@pytest.mark.parametrize("verb", ["completed", "progressed", "experienced"])
def test_a_statement_that_something_was_learnt_is_read(verb: str):
    learnt = read_statement(statement("someone", verb=verb, duration="PT1H30M15.75S"))
    assert (learnt.name, learnt.source, learnt.seconds) == ("someone", "xapi", 5415)
    assert learnt.at == datetime(2023, 4, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [("PT1S", 1), ("P1D", 86_400), ("PT24H", 86_400), ("PT90M", 5400), ("P0DT2H", 7200)],
)
def test_a_duration_is_exact(duration: str, seconds: int):
    assert read_statement(statement("someone", duration=duration)).seconds == seconds


@pytest.mark.parametrize(
    "duration",
    ["", "P", "PT", "P1DT", "PT0S", "PT0.9S", "P1Y", "P1M", "P1W", "PT25H", "-PT1H", "PT1H ", "1H", "PT１H"],
)
def test_a_duration_that_is_none_or_not_plausible_is_refused(duration: str):
    with pytest.raises(StatementMalformed) as refused:
        read_statement(statement("someone", duration=duration))
    assert refused.value.member == "/result/duration"


@pytest.mark.parametrize(
    ("name", "value", "member"),
    [
        ("id", None, "/id"),
        ("actor", None, "/actor/account/name"),
        ("verb", None, "/verb/id"),
        ("object", None, "/object/id"),
        ("result", None, "/result/duration"),
        ("timestamp", None, "/timestamp"),
        ("id", "1", "/id"),
        ("actor", {"mbox": "mailto:someone@example.org"}, "/actor/account/name"),
        ("object", {"id": "a" * 501}, "/object/id"),
        ("timestamp", "2023-04-01T01:00:00", "/timestamp"),
        ("timestamp", "0001-01-01T00:00:00+14:00", "/timestamp"),
        ("timestamp", 1, "/timestamp"),
    ],
)
def test_a_statement_names_the_member_that_is_wrong(name: str, value: object, member: str):
    with pytest.raises(StatementMalformed) as refused:
        read_statement({**statement("someone"), name: value})
    assert refused.value.member == member


def test_a_verb_that_says_nothing_of_learning_is_refused():
    with pytest.raises(VerbNotCounted):
        read_statement(statement("someone", verb="launched"))


def test_the_first_day_of_the_class_counts_in_the_zone_of_the_cycle():
    now, first = datetime(2023, 4, 1, tzinfo=UTC), date(2023, 3, 1)
    check_time(datetime(2023, 2, 28, 16, tzinfo=UTC), "Asia/Shanghai", first, now)
    for at in (datetime(2023, 2, 28, 15, 59, tzinfo=UTC), datetime(2023, 4, 1, 0, 0, 1, tzinfo=UTC)):
        with pytest.raises(LearntOutsideClass):
            check_time(at, "Asia/Shanghai", first, now)
