"""Teaching in blocks: that they fit between a class's days, and that the days of its plan keep them (C08)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shared.events.policy import Blocks


@dataclass(eq=False)
class BlocksDoNotFit(Exception):
    """Between its first and its last day the class has no room for the blocks of its kind."""

    starts_on: date
    ends_on: date
    count: int
    days_each: int


@dataclass(eq=False)
class TeachingDaysMissing(Exception):
    """The kind teaches in blocks, and the plan says no days."""

    count: int
    days_each: int


@dataclass(eq=False)
class TeachingDayOutside(Exception):
    day: date
    starts_on: date
    ends_on: date


@dataclass(eq=False)
class BlocksNotKept(Exception):
    count: int
    days_each: int


def check_blocks(blocks: Blocks | None, starts_on: date, ends_on: date) -> None:
    if blocks is not None and not blocks.fit_between(starts_on, ends_on):
        raise BlocksDoNotFit(starts_on, ends_on, blocks.count, blocks.days_each)


def check_teaching_days(
    blocks: Blocks | None, taught_on: Collection[date], *, starts_on: date, ends_on: date
) -> None:
    """Hold the days of a plan to those of its class, and to the blocks of its kind if it has them."""
    for day in sorted(taught_on):
        if not starts_on <= day <= ends_on:
            raise TeachingDayOutside(day, starts_on, ends_on)
    if blocks is None:
        return
    if not taught_on:
        raise TeachingDaysMissing(blocks.count, blocks.days_each)
    if not blocks.are_kept_by(taught_on):
        raise BlocksNotKept(blocks.count, blocks.days_each)
