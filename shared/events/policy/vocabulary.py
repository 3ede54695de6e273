"""Vocabularies of a cycle: what kinds of class, topic, activity, tier and group it knows.

Any of them may be empty: the cycle then does not have that concept at all.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from shared.events.policy.citation import Cited, Code, Part, Term, Text, Word

CLASS_START = "class_start"
"""The selection of a class closes when the class starts, instead of at a deadline of the cycle."""

SizeClass = Literal["large", "medium", "small", "micro"]


class Span(Part):
    """A length of time in calendar months or in days; exactly one of them."""

    months: int | None = Field(default=None, ge=1, le=120)
    days: int | None = Field(default=None, ge=1, le=3660)

    def after(self, start: date) -> date:
        """Name the day that lies this span after `start`; a day that the month lacks becomes its last."""
        if self.months is None:
            return start + timedelta(days=self.days or 0)
        years, month = divmod(start.month - 1 + self.months, 12)
        year = start.year + years
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


class Blocks(Part):
    """Teaching in blocks, such as ten meetings of four days in a row."""

    count: int = Field(ge=1, le=400)
    days_each: int = Field(ge=1, le=400)

    @property
    def days(self) -> int:
        return self.count * self.days_each

    def fit_between(self, starts_on: date, ends_on: date | None) -> bool:
        """Tell whether the blocks fit between two days, both included; None: nothing limits the end."""
        return ends_on is None or (ends_on - starts_on).days + 1 >= self.days

    def are_kept_by(self, taught_on: Iterable[date]) -> bool:
        """Tell whether the days of teaching fall into these blocks: `count` runs, none above `days_each`."""
        runs: list[list[date]] = []
        for day in sorted(set(taught_on)):
            if not runs or (day - runs[-1][-1]).days > 1 or len(runs[-1]) == self.days_each:
                runs.append([])
            runs[-1].append(day)
        return len(runs) == self.count and all(len(run) == self.days_each for run in runs)


class ClassKind(Term):
    """A kind of class.

    `designation`: institutions are designated for it. `takes_topic`: its classes name a special
    topic. `selection_closes`: a deadline's code, `class_start`, or none.
    """

    counts_toward_target: bool
    designation: bool
    takes_topic: bool = False
    longest: Span | None = None
    blocks: Blocks | None = None
    selection_closes: Code | None = None

    def latest_end(self, starts_on: date) -> date | None:
        """Name the last day on which a class of this kind may end; None when nothing limits it."""
        return None if self.longest is None else self.longest.after(starts_on)


class Arrangement(Cited):
    """Who may teach, lead and file a class of one kind under one arrangement.

    `designation_required`: `designated` asks a designation of every institution and of the lead,
    except of the kinds in `designation_exempt`; `any` takes any training body; `none` asks nothing.
    `co_organised_by` None: the notice names no kinds, so none is refused.
    """

    kind: Code
    arrangement: Code
    designation_required: Literal["designated", "any", "none"]
    designation_exempt: tuple[Code, ...] = ()
    min_institutions: int = Field(default=0, ge=0)
    max_institutions: int | None = Field(default=None, ge=0)
    filed_by: tuple[Code, ...]
    led_by: tuple[Code, ...]
    co_organised_by: tuple[Code, ...] | None = None
    coordinated: bool

    def asks_designation_of(self, organisation_kind: str) -> bool:
        """Tell whether an organisation of this kind needs a designation to teach or lead the class."""
        return self.designation_required == "designated" and organisation_kind not in self.designation_exempt


class ActivityKind(Term):
    """A kind of activity. `needs_certificate`: for graduates. `crosses`: what home and host differ in."""

    needs_certificate: bool = False
    crosses: tuple[Literal["department", "industry"], ...] = ()


class Tier(Term):
    """A recognised tier of enterprises; the share of priority tiers is reported, never a gate."""

    priority: bool


class TargetGroup(Term):
    """Whom the training is for; a nomination declares one group and carries its evidence."""

    size_classes: tuple[SizeClass, ...] = ()
    evidence: tuple[Word, ...] = ()


class Facet(Term):
    """A dimension by which classes and activities are described; no values: free text."""

    values: tuple[Word, ...] = ()


class SessionMode(Term):
    """A mode of teaching; modes of one `pair` are meant to occur together."""

    pair: Code | None = None


class Channel(Term):
    """A way to be nominated, and the kinds of organisation that nominate this way.

    `basis`: what entitles one of these to name a person; left out, the code `department_recommended`
    speaks of the home department and any other of who has a role in the class.
    """

    used_by: tuple[Code, ...]
    basis: Literal["home_department", "class_role"] | None = None

    @property
    def entitles(self) -> Literal["home_department", "class_role"]:
        if self.basis is not None:
            return self.basis
        return "home_department" if self.code == "department_recommended" else "class_role"


class Platform(Term):
    """Where the programme speaks to the public."""

    url: Text | None = None
