"""News: `draft → published → withdrawn`, or withdrawn unpublished; nothing that was published is deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

NewsStatus = Literal["draft", "published", "withdrawn"]
Step = Literal["revision", "publication", "withdrawal"]

DRAFT: NewsStatus = "draft"
PUBLISHED: NewsStatus = "published"
WITHDRAWN: NewsStatus = "withdrawn"

TELLS_OF_CYCLES = ("bureau", "talent_exchange_centre")
"""The kinds of organisation that tell news of a whole cycle."""

HELD_CLASSES = frozenset({"approved", "running", "finished"})
"""The states of a class of which its lead or filer tells news."""

_FROM: Mapping[Step, frozenset[NewsStatus]] = MappingProxyType(
    {
        "revision": frozenset({DRAFT, PUBLISHED}),
        "publication": frozenset({DRAFT}),
        "withdrawal": frozenset({DRAFT, PUBLISHED}),
    }
)


@dataclass(eq=False)
class NewsUnknown(Exception):
    """No such news, or of others and not published."""

    news_id: str


@dataclass(eq=False)
class NewsOfOthers(Exception):
    """Another organisation tells it."""

    news_id: str


@dataclass(eq=False)
class NewsStateForbids(Exception):
    news_id: str
    news_status: str
    step: str


@dataclass(eq=False)
class ClassNotHeld(Exception):
    """The class is not approved, or was returned or cancelled since."""

    class_id: str
    class_status: str


def check_step(news_id: str, status: NewsStatus, step: Step) -> None:
    if status not in _FROM[step]:
        raise NewsStateForbids(news_id, status, step)


def check_class_held(class_id: str, status: str) -> None:
    if status not in HELD_CLASSES:
        raise ClassNotHeld(class_id, status)
