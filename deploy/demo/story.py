"""What the chapters of a played cycle share: the cast, the pack, the classes, the date of each act.

The story asks the pack for dates, kinds and holders of acts, so it plays any pack that has a class
kind which designated institutions carry.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from deploy.demo.cast import Cast
from deploy.demo.client import Actor, Platform
from deploy.demo.synthetic import Manager

SHANGHAI = timezone(timedelta(hours=8))
SESSIONS = (
    ("开班与政策解读", "intensive", 480),
    ("数字化转型案例课堂", "classroom", 960),
    ("企业实训与对标", "practice", 960),
    ("结业汇报与应用", "applied", 480),
)
"""Title, mode and minutes of the sessions of every class."""


@dataclass(slots=True)
class Course:
    """A class of the story: who leads it, who was put forward for it, and what came of them."""

    lead: Actor
    kind: str
    number: int
    id: str = ""
    managers: list[Manager] = field(default_factory=list)
    roster_id: str = ""
    enrolments: list[str] = field(default_factory=list)
    approved: int = 0
    completed: int = 0
    issued: int = 0


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
    pack: dict[str, Any] = field(default_factory=dict)
    cast: Cast = field(init=False)
    courses: list[Course] = field(default_factory=list)
    refused_nominations: int = 0
    rejected_rows: int = 0

    def __post_init__(self) -> None:
        self.cast = Cast(operator=self.operator)

    def date_acts(self, day: date, hour: int = 9) -> None:
        """Let what follows happen on `day`, at `hour` in Shanghai."""
        self.platform.now = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)

    def deadline(self, name: str) -> date:
        """Give the last day on which the act is in time (Q1)."""
        return next(date.fromisoformat(d["until"]) for d in self.pack["deadlines"] if d["code"] == name)

    @property
    def starts_on(self) -> date:
        return self.deadline("selection") + timedelta(days=20)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=300)

    def step(self, *words: str | int) -> str:
        """Name a step of this cycle; its idempotency key is made of the name."""
        return " ".join(str(word) for word in (self.label, *words))
