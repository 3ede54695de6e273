"""The calendar of a played cycle: a day for every act that the rules of its pack allow.

All days are counted from what the pack says (when it was signed, until when forms and selection run, how
long a class may last), so any pack that has these concepts can be played.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.events.policy import ClassKind, PolicyPack
from shared.events.policy.vocabulary import CLASS_START

_LONG, _SHORT = timedelta(days=300), timedelta(days=40)
"""How long a class runs that counts toward the target, and one that does not."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a class, and the last day of its selection."""

    starts_on: date
    ends_on: date
    closes_on: date

    @property
    def nominated_on(self) -> date:
        return self.closes_on - timedelta(days=25)

    @property
    def submitted_on(self) -> date:
        return self.closes_on - timedelta(days=12)

    @property
    def returned_on(self) -> date:
        return self.closes_on - timedelta(days=10)

    @property
    def submitted_again_on(self) -> date:
        return self.closes_on - timedelta(days=8)

    @property
    def reviewed_on(self) -> date:
        return self.closes_on - timedelta(days=6)

    @property
    def replaced_on(self) -> date:
        return self.closes_on - timedelta(days=3)

    @property
    def left_on(self) -> date:
        """A trainee leaves when selection is over, before the class begins."""
        return self.starts_on - timedelta(days=1)

    @property
    def proposed_on(self) -> date:
        return self.ends_on + timedelta(days=3)

    @property
    def confirmed_on(self) -> date:
        return self.ends_on + timedelta(days=10)

    @property
    def certified_on(self) -> date:
        return self.ends_on + timedelta(days=17)

    def taught_on(self, place: int, of: int) -> date:
        """Spread the sessions over the class."""
        return self.starts_on + (self.ends_on - self.starts_on) * (place + 1) // (of + 1)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The days of an evaluation; it lies inside the training, which runs from `first` to `last` (C38)."""

    first: date
    last: date

    @property
    def starts_on(self) -> date:
        return self.first + (self.last - self.first) // 2

    @property
    def ends_on(self) -> date:
        return self.last

    @property
    def opened_on(self) -> date:
        return self.starts_on - timedelta(days=10)

    @property
    def scored_on(self) -> date:
        return self.starts_on + (self.last - self.first) // 4

    @property
    def closed_on(self) -> date:
        return self.scored_on + timedelta(days=1)

    @property
    def published_on(self) -> date:
        return self.last + timedelta(days=20)

    @property
    def final_on(self) -> date:
        return self.last + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of one cycle. Acts of one day happen in the order in which they are told."""

    pack: PolicyPack

    def moment(self, day: date, hour: int = 9) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(self.pack.cycle.zone))

    @property
    def signed_on(self) -> date:
        return self.pack.notice.signed_on

    @property
    def answered_on(self) -> date:
        """The last day on which a liaison form is in time (Q1)."""
        return self._until("liaison_forms", timedelta(days=10))

    @property
    def answered_late_on(self) -> date:
        return self.answered_on + timedelta(days=1)

    @property
    def designated_on(self) -> date:
        return self.answered_on + timedelta(days=3)

    @property
    def filed_on(self) -> date:
        return self.answered_on + timedelta(days=8)

    @property
    def selected_until(self) -> date:
        """The last day of the selection, for classes that do not close it with their own start."""
        return self._until("selection", timedelta(days=70))

    def span(self, kind: ClassKind) -> Span:
        """Place a class of a kind, later if its selection runs until it starts (Q15), within its length."""
        late = kind.selection_closes in {CLASS_START, None}
        starts_on = self.selected_until + timedelta(days=60 if late else 20)
        ends_on = self.selected_until + timedelta(days=20) + _LONG
        if not kind.counts_toward_target:
            ends_on = starts_on + _SHORT
        latest = kind.latest_end(starts_on)
        closes_on = starts_on - timedelta(days=1) if late else self.selected_until
        return Span(starts_on, ends_on if latest is None else min(ends_on, latest), closes_on)

    def _until(self, code: str, otherwise: timedelta) -> date:
        return next((d.until for d in self.pack.deadlines if d.code == code), self.signed_on + otherwise)
