"""The sentences of a diff: what is new, dropped or changed, in Chinese and English, with the clauses."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from shared.events.policy.citation import Cited, Part
from shared.events.policy.duties import Responsibility
from shared.events.policy.phrases import PRINCIPAL, Phrases
from shared.events.policy.rules import Floor, SuspensionRule
from shared.events.policy.words import Words, words_of


class Told(NamedTuple):
    """A whole sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where something comes from: a place in the notice with its clauses, or decisions."""

    source: str | None
    clause: tuple[str, ...]
    decision: tuple[str, ...]

    @classmethod
    def of(cls, part: Cited) -> "Citation":
        return cls(part.source, part.clause, part.decision)

    @property
    def words(self) -> Words:
        place = [self.source] if self.source else []
        zh = [*place, *self.clause, *(f"决定 {one}" for one in self.decision)]
        en = [*place, *self.clause, *(f"decision {one}" for one in self.decision)]
        return Words("，".join(zh), ", ".join(en))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packs, and the citation of what is spoken of there."""

    phrases: Phrases
    citation: Citation | None

    def at(self, part: Part) -> "Side":
        """Speak of what stands within `part`: it rests on the nearest citation."""
        return replace(self, citation=Citation.of(part)) if isinstance(part, Cited) else self


Sides = tuple[Side, Side]


def added(part: Part, noun: Words, side: Side) -> Told:
    """Say that something is new."""
    name, facts = side.phrases.name(part) or Words("", ""), side.phrases.facts(part)
    if isinstance(part, Responsibility):
        holders = side.phrases.value(part, "holders", part.holders)
        words = Words(f"{name.zh}由{holders.zh}负责", f"{name.en} is with {holders.en}")
    elif isinstance(part, Floor | SuspensionRule):
        words = Words(f"新增{noun.zh}：{name.zh}", f"new {noun.en}: {name.en}")
    else:
        zh, en = f"新增{noun.zh}{name.zh}", f"new {noun.en} {name.en}".rstrip()
        words = Words(f"{zh}：{facts.zh}", f"{en}: {facts.en}") if facts.zh else Words(zh, en)
    return _sentence(words, (None, side.citation))


def removed(part: Part, noun: Words, side: Side) -> Told:
    """Say that something is dropped."""
    name, facts = side.phrases.name(part) or Words("", ""), side.phrases.facts(part)
    if isinstance(part, Responsibility):
        holders = side.phrases.value(part, "holders", part.holders)
        words = Words(
            f"不再规定{name.zh}（原由{holders.zh}负责）", f"{name.en} is dropped (it was with {holders.en})"
        )
    elif isinstance(part, Floor):
        words = Words(f"{name.zh}的要求取消", f"the {noun.en} that {name.en} is dropped")
    elif isinstance(part, SuspensionRule):
        words = Words(f"“{name.zh}”的规定取消", f"the {noun.en} that {name.en} is dropped")
    else:
        was = (
            Words(f"（原为：{facts.zh}）", f" (it was: {facts.en})")
            if facts.zh and not name.zh
            else Words("", "")
        )
        words = Words(
            f"取消{noun.zh}{name.zh}{was.zh}", f"the {noun.en} {name.en}".rstrip() + f" is dropped{was.en}"
        )
    return _sentence(words, (side.citation, None))


def changed(owner: Part, name: str, before: Any, after: Any, subject: Words, sides: Sides) -> Told:
    """Say that a field of something changes."""
    label = words_of(type(owner), name)
    old, new = (
        side.phrases.value(owner, name, value) for side, value in zip(sides, (before, after), strict=True)
    )
    if isinstance(owner, Responsibility):
        act = sides[1].phrases.value(owner, "act", owner.act)
        words = Words(
            f"{act.zh}改由{new.zh}负责（原由{old.zh}负责）"
            if after
            else f"{act.zh}改为无人负责（原由{old.zh}负责）",
            f"{act.en} passes from {old.en if before else 'nobody'} to {new.en if after else 'nobody'}",
        )
        if not before:
            words = words._replace(zh=f"{act.zh}改由{new.zh}负责（原无人负责）")
        return _sentence(words, _citations(sides))
    if isinstance(owner, Floor) and name in {"min_persons", "min_share"}:
        subject = sides[1].phrases.who(owner)
    if isinstance(before, bool) and isinstance(after, bool):
        words = Words(f"{subject.zh}改为{new.zh}（原{old.zh}）", f"{subject.en}: now {new.en} (was {old.en})")
    elif isinstance(before, tuple) and isinstance(after, tuple):
        words = _listed(owner, name, before, after, subject, sides)
    elif before is None and after is not None:
        words = Words(f"{subject.zh}新设{label.zh}：{new.zh}", f"{subject.en}: new {label.en}, {new.en}")
    elif after is None:
        words = Words(
            f"{subject.zh}不再规定{label.zh}（原为{old.zh}）",
            f"{subject.en}: {label.en} is dropped (it was {old.en})",
        )
    elif name in PRINCIPAL and not hasattr(owner, "code"):
        # What its section is for: the section's name says it already.
        words = Words(
            f"{subject.zh}由{old.zh}改为{new.zh}", f"{subject.en} changes from {old.en} to {new.en}"
        )
    else:
        words = Words(
            f"{subject.zh}的{label.zh}由{old.zh}改为{new.zh}",
            f"{subject.en}: {label.en} changes from {old.en} to {new.en}",
        )
    return _sentence(words, _citations(sides))


def _listed(
    owner: Part, name: str, before: tuple[Any, ...], after: tuple[Any, ...], subject: Words, sides: Sides
) -> Words:
    label = words_of(type(owner), name)
    more = sides[1].phrases.value(owner, name, tuple(one for one in after if one not in before))
    less = sides[0].phrases.value(owner, name, tuple(one for one in before if one not in after))
    gained, lost = set(after) - set(before), set(before) - set(after)
    zh = "，".join([*([f"增加{more.zh}"] if gained else []), *([f"减少{less.zh}"] if lost else [])])
    en = "; ".join([*([f"added {more.en}"] if gained else []), *([f"removed {less.en}"] if lost else [])])
    return Words(
        f"{subject.zh}的{label.zh}{zh or '次序改变'}", f"{subject.en}: {label.en}, {en or 'in another order'}"
    )


def cited_elsewhere(subject: Words, sides: Sides) -> Told:
    """Say that something rests on another place of the notice or on another decision."""
    old, new = (side.citation.words if side.citation else Words("", "") for side in sides)
    return _sentence(
        Words(
            f"{subject.zh}的出处由（{old.zh}）改为（{new.zh}）",
            f"{subject.en} is cited from {new.en}, no longer {old.en}",
        ),
        (None, None),
    )


def reordered(noun: Words, sides: Sides) -> Told:
    """Say that the entries of a list stand in another order."""
    return _sentence(
        Words(f"{noun.zh}的次序改变", f"the {noun.en} entries stand in another order"), _citations(sides)
    )


def _citations(sides: Sides) -> tuple[Citation | None, Citation | None]:
    return sides[0].citation, sides[1].citation


def _sentence(words: Words, citations: tuple[Citation | None, Citation | None]) -> Told:
    """Close a sentence with the clauses of both sides, once if they are the same."""
    old, new = (None if one is None else one.words for one in citations)
    if old is not None and new is not None and old != new:
        zh, en = f"（原 {old.zh}；现 {new.zh}）", f" (was {old.en}; now {new.en})"
    elif (only := new or old) is not None:
        zh, en = f"（{only.zh}）", f" ({only.en})"
    else:
        zh, en = "", ""
    return Told(f"{words.zh}{zh}。", f"{words.en[:1].upper()}{words.en[1:]}{en}.")
