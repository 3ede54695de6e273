"""Which classes a played cycle has: every kind, arrangement and topic of its pack, then more of the same.

The same pack, cast and number of managers give the same classes in the same order.
"""

from collections.abc import Iterator
from itertools import cycle, islice

from deploy.demo.client import Actor
from deploy.demo.story import Course, Story
from shared.events.policy import Arrangement

MANAGERS_A_CLASS = 34
FULL_CYCLE, FEWEST_MANAGERS = 61, 30
"""A whole cycle has so many classes, where each of them has so many managers at least."""
_OWN, _COORDINATED, _TOPICAL = 6, 1, 1
"""How many of eight further classes institutions hold themselves, departments file, or take a topic."""
_PARTNERS = 2

Part = tuple[Arrangement, str | None]
"""A rule of the pack about a kind under an arrangement, and a special topic where the kind takes one."""


def plan_courses(story: Story) -> list[Course]:
    """Give every class that the pack knows once, and as many more as the managers need."""
    once = list(_once(story))
    full = min(FULL_CYCLE, story.trainees // FEWEST_MANAGERS)
    wanted = max(len(once), full, round(story.trainees / MANAGERS_A_CLASS))
    company = _Company(story)
    parts = [*once, *islice(_more(story, once), wanted - len(once))]
    return [company.course(number, rule, topic) for number, (rule, topic) in enumerate(parts, 1)]


def _once(story: Story) -> Iterator[Part]:
    for rule in story.pack.arrangement_rules:
        if story.pack.class_kind(rule.kind).takes_topic:
            yield from ((rule, topic.code) for topic in story.pack.special_topics)
        else:
            yield rule, None


def _more(story: Story, once: list[Part]) -> Iterator[Part]:
    """Repeat what counts toward the target in a fixed mixture, without end."""
    counting = [part for part in once if story.pack.class_kind(part[0].kind).counts_toward_target]
    sorts = (
        (_OWN, [part for part in counting if not part[0].coordinated and part[1] is None]),
        (_COORDINATED, [part for part in counting if part[0].coordinated]),
        (_TOPICAL, [part for part in counting if part[1] is not None]),
    )
    turns = [(times, cycle(parts)) for times, parts in sorts if parts]
    while turns:
        for times, parts in turns:
            yield from islice(parts, times)


class _Company:
    """Hands out roles in turn, so that everybody who may hold classes holds some."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._taken: dict[str, int] = {}

    def course(self, number: int, rule: Arrangement, topic: str | None) -> Course:
        kind = self._story.pack.class_kind(rule.kind)
        filer, lead, teachers = self._filed_by_department(rule) if rule.coordinated else self._own(rule)
        return Course(
            number=number,
            kind=rule.kind,
            arrangement=rule.arrangement,
            topic=topic,
            counts=kind.counts_toward_target,
            coordinated=rule.coordinated,
            span=self._story.days.span(kind),
            filer=filer,
            lead=lead,
            teachers=teachers,
            partners=self._partners(rule),
        )

    def _filed_by_department(self, rule: Arrangement) -> tuple[Actor, Actor, list[Actor]]:
        """Let a department file a class that it leads itself or leaves to whom it chose (C29)."""
        turn = self._turn("coordinated")
        departments = [actor for _, actor in self._story.cast.departments()]
        filer, teacher = departments[turn % len(departments)], self._chosen(rule, turn)
        itself = turn % 2 == 0 and filer.kind in rule.led_by
        return filer, filer if itself else teacher, [teacher]

    def _chosen(self, rule: Arrangement, turn: int) -> Actor:
        """Choose who teaches: a designated institution, or every other time any body where any will do."""
        others = [
            actor
            for kind in rule.led_by
            if rule.designation_required == "any"
            for actor in self._story.cast.all_of_kind(kind)
            if actor.kind == "training_body"
        ]
        if others and turn % 2:
            return others[turn // 2 % len(others)]
        institutions = self._institutions(rule)
        return institutions[turn % len(institutions)]

    def _own(self, rule: Arrangement) -> tuple[Actor, Actor, list[Actor]]:
        """Let whoever needs no designation hold the class, else the institutions in turn (C13, C16)."""
        for kind in rule.filed_by:
            if kind in rule.led_by and not rule.asks_designation_of(kind):
                hosts = self._story.cast.all_of_kind(kind)
                host = hosts[self._turn(f"held by {kind}") % len(hosts)]
                return host, host, [host] if rule.min_institutions else []
        institutions = self._institutions(rule)
        host = institutions[self._turn("own") % len(institutions)]
        return host, host, [host]

    def _institutions(self, rule: Arrangement) -> list[Actor]:
        return [one for one in self._story.cast.institutions(self._story.label) if one.kind in rule.led_by]

    def _partners(self, rule: Arrangement) -> list[tuple[str, str]]:
        """Name co-organisers of the kinds that the pack allows, each kind in its turn (C16)."""
        known = [(kind, self._story.cast.partners(kind)) for kind in rule.co_organised_by or ()]
        known = [(kind, ids) for kind, ids in known if ids]
        if not known:
            return []
        turns = [self._turn("partners") for _ in range(min(_PARTNERS, len(known)))]
        chosen = [(known[turn % len(known)], turn // len(known)) for turn in turns]
        return [(ids[place % len(ids)], kind) for (kind, ids), place in chosen]

    def _turn(self, role: str) -> int:
        turn = self._taken.get(role, 0)
        self._taken[role] = turn + 1
        return turn
