"""Sessions and attendance: the rules alone."""

from datetime import UTC, date, datetime

import pytest

from services.enrollment.learning.domain import (
    TAUGHT,
    TEACHING,
    ClassNotTeaching,
    MinutesBeyondSession,
    SessionNotBegun,
    SessionOutsideClass,
    check_begun,
    check_minutes,
    check_teaching,
    check_within_class,
    held_on,
)

ZONE = "Asia/Shanghai"
FIRST, LAST = date(2023, 3, 1), date(2023, 3, 31)


@pytest.mark.parametrize(
    ("starts_at", "inside"),
    [
        (datetime(2023, 2, 28, 15, 59, tzinfo=UTC), False),
        (datetime(2023, 2, 28, 16, 0, tzinfo=UTC), True),
        (datetime(2023, 3, 31, 15, 59, tzinfo=UTC), True),
        (datetime(2023, 3, 31, 16, 0, tzinfo=UTC), False),
    ],
)
def test_a_session_starts_on_a_day_of_the_class_in_the_zone_of_the_cycle(
    starts_at: datetime, *, inside: bool
):
    if inside:
        check_within_class(starts_at, ZONE, FIRST, LAST)
    else:
        with pytest.raises(SessionOutsideClass):
            check_within_class(starts_at, ZONE, FIRST, LAST)


@pytest.mark.parametrize("state", ["draft", "filed", "returned", "cancelled", "finished"])
def test_sessions_are_planned_only_while_a_class_is_approved_or_running(state: str):
    with pytest.raises(ClassNotTeaching):
        check_teaching("c", state, TEACHING)


def test_attendance_may_still_be_put_right_when_the_class_has_finished():
    check_teaching("c", "finished", TAUGHT)


def test_attendance_is_not_recorded_before_the_session_begins():
    begins = datetime(2023, 3, 1, 1, tzinfo=UTC)
    check_begun("s", begins, begins)
    with pytest.raises(SessionNotBegun):
        check_begun("s", begins, datetime(2023, 3, 1, 0, 59, tzinfo=UTC))


def test_nobody_attends_longer_than_the_session():
    check_minutes(90, 90)
    with pytest.raises(MinutesBeyondSession):
        check_minutes(91, 90)


def test_a_session_counts_as_held_once_somebody_attended():
    starts_at = datetime(2023, 2, 28, 16, 0, tzinfo=UTC)
    assert held_on(starts_at, ZONE, 0) is None
    assert held_on(starts_at, ZONE, 1) == FIRST
