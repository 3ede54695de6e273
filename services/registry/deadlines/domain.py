"""What a deadline of the ledger allows: it is put off by extensions, and never brought forward by one.

A deadline is the first instant that is too late (Q1); a day stands for its end in the deadline's zone.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(eq=False)
class DeadlineUnknown(Exception):
    deadline_id: str


@dataclass(eq=False)
class DeadlineWithdrawn(Exception):
    """The pack in force has no such deadline any more: there is nothing to put off."""

    deadline_id: str


@dataclass(eq=False)
class ExtensionNotLater(Exception):
    """The deadline is that late already: for the organisation, or for everybody where none is named."""

    deadline_id: str
    organisation_id: str | None
    closes_at: str


def end_of(until: date | datetime, zone: str) -> datetime:
    """Name the first instant that is too late: an instant is it, a day counts to its end (Q1)."""
    if isinstance(until, datetime):
        return until
    return datetime.combine(until + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def due_notes(
    closings: Iterable[datetime],
    noted: Collection[tuple[datetime, int]],
    notice_days: Iterable[int],
    now: datetime,
) -> Iterator[tuple[datetime, int]]:
    """Find what to note now: how near each instant is, by the nearest of the days; 0 once it has passed.

    A sweep that comes late says only what still helps: of what has passed, not that it was near.
    """
    for closes_at in closings:
        reached = [days for days in {*notice_days, 0} if closes_at - timedelta(days=days) <= now]
        if reached and (closes_at, min(reached)) not in noted:
            yield closes_at, min(reached)


def check_not_withdrawn(deadline_id: str, withdrawn: bool) -> None:
    if withdrawn:
        raise DeadlineWithdrawn(deadline_id)


def check_later(
    deadline_id: str, zone: str, closes_at: datetime, in_force: datetime, organisation_id: str | None
) -> None:
    """Refuse an extension that puts nothing off for the one organisation, or for everybody."""
    if closes_at <= in_force:
        local = in_force.astimezone(ZoneInfo(zone))
        raise ExtensionNotLater(deadline_id, organisation_id, local.isoformat())
