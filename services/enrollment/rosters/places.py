"""Whom a roster lists: those named, those who wait longest, and whose place each of them takes (Q8).

A nomination is open until an approved roster has approved or rejected it. Open nominations stand in one
order; who is on no roster waits. Where nobody is named, a roster takes as many from the front as there is
room for.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

REPLACEABLE = frozenset({"enrolled", "withdrawn"})
"""The states of a trainee whose place somebody may take (Q8)."""


@dataclass(eq=False)
class NominationsNotOpen(Exception):
    """They are of another class, or an approved roster has decided on them."""

    class_id: str
    nomination_ids: list[str]


@dataclass(eq=False)
class ReplacementRepeated(Exception):
    """One nomination stands in for two trainees, or two for one."""

    repeated_ids: list[str]


@dataclass(eq=False)
class TraineesNotReplaceable(Exception):
    """They are of another class, or their completion is confirmed."""

    class_id: str
    enrolment_ids: list[str]


@dataclass(eq=False)
class TraineesReplacedAlready(Exception):
    class_id: str
    enrolment_ids: list[str]


@dataclass(eq=False)
class TooFewWait(Exception):
    """More places are to be taken than nominations wait for one."""

    class_id: str
    places: int
    waiting: int


@dataclass(eq=False)
class NominationsNotWaiting(Exception):
    """They are of another class, on a roster, or decided."""

    class_id: str
    nomination_ids: list[str]


Mark = tuple[str | None, str]
"""Who takes whose place: a nomination, or nobody named for the next who waits, and an enrolment."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Whose places are taken: by whom, and by whoever waits longest."""

    named: Mapping[str, str]
    vacant: Sequence[str]

    @property
    def enrolment_ids(self) -> list[str]:
        return [*self.named.values(), *self.vacant]


def check_marks(marks: Sequence[Mark]) -> Marks:
    """Refuse a nomination or a trainee who is named twice (Q8)."""
    times = Counter(identifier for mark in marks for identifier in mark if identifier is not None)
    if repeated := sorted(identifier for identifier, count in times.items() if count > 1):
        raise ReplacementRepeated(repeated_ids=repeated)
    named = {nomination_id: left for nomination_id, left in marks if nomination_id is not None}
    return Marks(named, [left for nomination_id, left in marks if nomination_id is None])


def check_replaceable(
    class_id: str, enrolment_ids: Collection[str], states: Mapping[str, str], replaced: Collection[str]
) -> None:
    """Refuse to replace who is not of the class, has completed it, or is replaced already (Q8).

    `states` are those of the trainees of the class, by enrolment.
    """
    if closed := sorted(one for one in enrolment_ids if states.get(one) not in REPLACEABLE):
        raise TraineesNotReplaceable(class_id=class_id, enrolment_ids=closed)
    if again := sorted(set(enrolment_ids) & set(replaced)):
        raise TraineesReplacedAlready(class_id=class_id, enrolment_ids=again)


def choose_rows(
    class_id: str, queue: Sequence[str], listed: Sequence[str] | None, marks: Marks, room: int
) -> list[tuple[str, str | None]]:
    """Tell the rows of a roster in their order, each with the enrolment whose place it takes.

    `queue` are the open nominations in their order. Those `listed` come as they are listed, then whoever else
    takes a place. Without a list the front of the queue comes, as far as there is `room` beside those.
    """
    named = [*(listed or ()), *marks.named]
    if not_open := sorted(set(named) - set(queue)):
        raise NominationsNotOpen(class_id=class_id, nomination_ids=not_open)
    taken = set(named)
    waiting = [one for one in queue if one not in taken]
    places = len(marks.vacant)
    if places > len(waiting):
        raise TooFewWait(class_id=class_id, places=places, waiting=len(waiting))
    replaced = {**marks.named, **dict(zip(waiting, marks.vacant, strict=False))}
    if listed is None:
        beside = max(room - len(replaced), 0)
        coming = replaced.keys() | set(waiting[places : places + beside])
        chosen = [one for one in queue if one in coming]
    else:
        chosen = list(dict.fromkeys([*listed, *replaced]))
    return [(one, replaced.get(one)) for one in chosen]


def order_waiting(class_id: str, waiting: Sequence[tuple[str, int]], first: Sequence[str]) -> dict[str, int]:
    """Deal the turns of those who wait anew: who is named comes first, all others as they stood.

    The turns stay the same numbers, so nobody who is on a roster or comes later is let in between.
    """
    turns = dict(waiting)
    if strangers := sorted(set(first) - turns.keys()):
        raise NominationsNotWaiting(class_id=class_id, nomination_ids=strangers)
    order = dict.fromkeys([*first, *turns])
    return dict(zip(order, sorted(turns.values()), strict=True))
