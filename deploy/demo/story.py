"""What the chapters of a played cycle share: the cast, the pack, the classes, the calendar.

The story asks the pack for dates, kinds and holders of acts, so it plays any pack that has a class
kind which counts toward a target.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from deploy.demo.cast import Cast
from deploy.demo.client import Actor, Platform, side_by_side
from deploy.demo.days import Days, Span
from deploy.demo.synthetic import Manager
from shared.events.policy import PolicyPack

SESSIONS = (
    ("开班与政策解读", "intensive", 480),
    ("数字化转型案例课堂", "classroom", 960),
    ("企业实训与对标", "practice", 960),
    ("结业汇报与应用", "applied", 480),
)
"""Title, mode and minutes of the sessions of every class."""

Item = TypeVar("Item")


@dataclass(slots=True, kw_only=True)
class Course:
    """A class of the story: who runs and teaches it, who was put forward for it."""

    number: int
    kind: str
    arrangement: str
    topic: str | None
    counts: bool
    coordinated: bool
    span: Span
    filer: Actor
    lead: Actor
    teachers: list[Actor]
    partners: list[tuple[str, str]]
    """Ids of co-organisers with the kind they take part as."""
    id: str = ""
    managers: list[Manager] = field(default_factory=list)
    nominations: dict[int, str] = field(default_factory=dict)
    """The id of each nomination by the place of its manager; a refused one is absent."""
    roster_id: str = ""
    """The first roster that was approved."""

    @property
    def selector(self) -> Actor:
        """Who selects on behalf of the class, beside what departments recommend (C34)."""
        return self.teachers[0] if self.teachers else self.lead


@dataclass(slots=True)
class Story:
    """One cycle with `trainees` managers; `told(step, done, of)` is called as it goes."""

    platform: Platform
    operator: Actor
    packs: Mapping[str, str]
    label: str
    trainees: int
    told: Callable[[str, int, int], None]
    cycle_id: str = ""
    following_id: str = ""
    """The cycle that follows the played one; empty until it is invented."""
    pack: PolicyPack = field(init=False)
    cast: Cast = field(init=False)
    courses: list[Course] = field(default_factory=list)
    round_id: str = ""
    refused_nominations: int = 0
    """Counted from the platform's answers: what screening refuses leaves nothing to be read back."""
    importers: list[Actor] = field(default_factory=list)
    """Who has put managers forward by a file: nobody else sees the report."""

    def __post_init__(self) -> None:
        self.cast = Cast(operator=self.operator)

    @property
    def days(self) -> Days:
        return Days(self.pack)

    def at(self, day: date, hour: int = 9) -> Platform:
        """Act on `day`, at `hour` in the zone of the cycle."""
        return self.platform.at(self.days.moment(day, hour))

    def by_closing(self) -> list[list[Course]]:
        """Group the classes by the last day of their selection, the earliest first."""
        days = sorted({course.span.closes_on for course in self.courses})
        return [[one for one in self.courses if one.span.closes_on == day] for day in days]

    def holder(self, act: str, *, second: bool = False) -> Actor:
        return self.cast.holder(self.pack, act, second=second)

    def step(self, *words: str | int) -> str:
        """Name a step of this cycle; its idempotency key is made of the name."""
        return " ".join(str(word) for word in (self.label, *words))

    async def each(self, bar: str, items: Sequence[Item], work: Callable[[Item], Awaitable[None]]) -> None:
        """Work on the items, a few side by side, and tell how far it is."""
        done = 0

        async def one(item: Item) -> None:
            nonlocal done
            await work(item)
            done += 1
            self.told(bar, done, len(items))

        await side_by_side(items, one)
