"""How long it stays known who a person is, by which rule, and what prevents an erasure (PIPL 19, 47).

Years count from the end of the last cycle for which the person was nominated. A trainee is kept for longer
than somebody who was nominated in vain, and a graduate longest: a certificate is checked for years.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Rule = Literal["nominated", "trained", "completed"]
"""Nominated and never enrolled, a trainee of some class, a graduate."""

AskedBy = Literal["person", "representative"]
"""本人, 代理人或近亲属 (PIPL 49, 50)."""

Reason = Literal["purpose_fulfilled", "consent_withdrawn", "unlawful_processing", "other"]
"""处理目的已实现, 撤回同意, 违法处理, 其他 (PIPL 47). A code: a text might say again who it was."""

BlockCode = Literal["class_under_way", "completion_open", "cycle_open", "activity_open", "duty_stands"]

CONTACT = "contact_after_graduation"
"""The purpose of the consent by which the phone of somebody is kept when the cycle is over (C43)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For how many years it stays known who a person is, by rule.

    In the first `duty` years nobody may erase a trainee; so many `contact_days` after the cycle the phone is
    kept without a consent.
    """

    nominated: int
    trained: int
    completed: int
    duty: int
    contact_days: int

    def years(self, rule: Rule) -> int:
        return {"nominated": self.nominated, "trained": self.trained, "completed": self.completed}[rule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a person has here, under whichever id; `cycles` tells when each came to its end, if it has.

    `under_way` are classes that the person attends, `unconfirmed` classes that are over without a confirmed
    completion, `activities` those that the person is registered for. `consents` tells of each consent to be
    contacted when it was taken back, if it was.
    """

    cycles: Mapping[str, datetime | None]
    statuses: frozenset[str] = frozenset()
    under_way: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    consents: Collection[datetime | None] = field(default_factory=tuple)

    @property
    def rule(self) -> Rule:
        if "completed" in self.statuses:
            return "completed"
        return "trained" if self.statuses else "nominated"

    @property
    def open_cycles(self) -> tuple[str, ...]:
        return tuple(sorted(one for one, closed_at in self.cycles.items() if closed_at is None))

    @property
    def last(self) -> tuple[str, datetime] | None:
        """The cycle that ended last, and when; none as long as one of them goes on."""
        ends = [(at, one) for one, at in self.cycles.items() if at is not None]
        if self.open_cycles or not ends:
            return None
        at, cycle_id = max(ends)
        return cycle_id, at


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why a person is not erased now, in a sentence of each language; `subject_ids` are what it rests on."""

    code: BlockCode
    subject_ids: tuple[str, ...]
    until: datetime | None = None
    zh: str
    en: str


@dataclass(eq=False)
class ErasureBlocked(Exception):
    person_id: str
    reasons: list[Block]


@dataclass(eq=False)
class ErasureNotOfCaller(Exception):
    """A request to be erased is taken by a home department of the person, or by the bureau."""

    person_id: str


@dataclass(eq=False)
class RetentionNotOfCaller(Exception):
    """How long a person is kept is read by the home department, by who runs a class, and by the bureau."""

    person_id: str


def years_later(at: datetime, years: int) -> datetime:
    """Add years; the 29th of February is followed by the 28th where there is none."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)


def kept_until(past: Past, terms: Terms) -> datetime | None:
    """Tell until when who the person is stays known; nothing as long as a cycle goes on."""
    return years_later(past.last[1], terms.years(past.rule)) if past.last else None


def contact_until(past: Past, terms: Terms) -> datetime | None:
    """Tell until when the phone is kept; nothing while a cycle goes on or a consent to contact stands."""
    if past.last is None or None in past.consents:
        return None
    taken_back = [at for at in past.consents if at is not None]
    return max([past.last[1] + timedelta(days=terms.contact_days), *taken_back])


def blocks(past: Past, terms: Terms, now: datetime) -> list[Block]:
    """List why the person is not erased now, whoever asks for it."""
    found = [
        _block(code, subject_ids)
        for code, subject_ids in (
            ("class_under_way", past.under_way),
            ("completion_open", past.unconfirmed),
            ("activity_open", past.activities),
            ("cycle_open", past.open_cycles),
        )
        if subject_ids
    ]
    if past.last is not None and past.rule != "nominated":
        cycle_id, closed_at = past.last
        if (until := years_later(closed_at, terms.duty)) > now:
            found.append(_block("duty_stands", (cycle_id,), until))
    return found


_SENTENCES: Mapping[BlockCode, tuple[str, str]] = {
    "class_under_way": (
        "该人员是进行中班次的学员，须待培训结束并确认结业，或先办理退出。",
        "The person is a trainee of a class that is under way, and has to complete or leave it first.",
    ),
    "completion_open": (
        "所在班次的结业尚未确认，删除后将无法确认。",
        "The completion of a class is not confirmed yet, and could not be afterwards.",
    ),
    "activity_open": (
        "已报名的活动尚未举办，请先取消报名。",
        "The person is registered for an activity that has not been held; take the registration back first.",
    ),
    "cycle_open": (
        "推荐所属周期尚未结束，推荐与名单仍在办理。",
        "A cycle for which the person was nominated goes on, and its lists are still worked with.",
    ),
    "duty_stands": (
        "参训记录在保存义务期内，仅作留存，不作其他使用。",
        "The record of the training has to be kept for some years, and is kept for nothing else.",
    ),
}


def _block(code: BlockCode, subject_ids: tuple[str, ...], until: datetime | None = None) -> Block:
    zh, en = _SENTENCES[code]
    return Block(code=code, subject_ids=subject_ids, until=until, zh=zh, en=en)
