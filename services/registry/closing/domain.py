"""What keeps a cycle open: classes, rosters and evaluations that have not come to their end."""

from collections.abc import Collection
from dataclasses import dataclass

MOST_NAMED = 100
"""How many ids a refusal names; it counts them all."""


@dataclass(eq=False)
class ClassesUnfinished(Exception):
    """Classes are neither finished nor cancelled, be they drafts."""

    cycle_id: str
    class_ids: list[str]
    count: int


@dataclass(eq=False)
class RostersOpen(Exception):
    """Rosters are drafts or under review, as far as the registry has heard."""

    cycle_id: str
    roster_ids: list[str]
    count: int


@dataclass(eq=False)
class EvaluationNotFinal(Exception):
    """The pack has institutions evaluated, and no final round was heard of that judged these (C38)."""

    cycle_id: str
    institution_ids: list[str]
    count: int


def check_none_left(refusal: type[Exception], cycle_id: str, left: Collection[str]) -> None:
    """Refuse by name while something is left."""
    if left:
        raise refusal(cycle_id, sorted(left)[:MOST_NAMED], len(left))
