"""What differs between two packs, as data and as sentences with the clauses of both sides.

Entries of a list are matched by what names them (code, act, kind and arrangement), so an entry that
moved is not told as dropped and new. Nothing is left out: equal packs, and only they, have no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shared.events.policy.citation import Cited, Part
from shared.events.policy.duties import Holder
from shared.events.policy.faults import place_of
from shared.events.policy.pack import Decision, PolicyPack
from shared.events.policy.phrases import CITATION, Phrases
from shared.events.policy.places import Place
from shared.events.policy.rules import CheckParams
from shared.events.policy.sentences import (
    Citation,
    Side,
    Told,
    added,
    changed,
    cited_elsewhere,
    removed,
    reordered,
)
from shared.events.policy.vocabulary import Blocks, Span
from shared.events.policy.words import Words, words_of

Aspect = Literal["rule", "wording", "source"]
"""A rule differs, or only how something is called, or only where it comes from."""

_WHOLE = (Span, Blocks, CheckParams, Holder)
"""Models that are said as one value."""

_NAMES = frozenset({"zh", "en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. `place` is that in the new pack, of what was removed that in the old one."""

    place: str
    kind: Literal["added", "removed", "changed"]
    aspect: Aspect
    old: Any
    new: Any
    old_citation: Citation | None
    new_citation: Citation | None
    zh: str
    en: str


def diff(old: PolicyPack, new: PolicyPack) -> tuple[Difference, ...]:
    """Tell what `new` changes: rules first, then names, then sources, each in the order of the pack."""
    sides = Side(Phrases(old), None), Side(Phrases(new), None)
    found = list(_compare(old, new, (), Words("政策包", "the pack"), sides))
    order = {"rule": 0, "wording": 1, "source": 2}
    return tuple(sorted(found, key=lambda one: order[one.aspect]))


def _compare(
    old: Part, new: Part, place: Place, subject: Words, sides: tuple[Side, Side]
) -> Iterator[Difference]:
    """Compare two models that stand for the same thing."""
    sides = sides[0].at(old), sides[1].at(new)
    if isinstance(old, Cited) and isinstance(new, Cited) and Citation.of(old) != Citation.of(new):
        yield _difference(place, "changed", "source", old, new, sides, cited_elsewhere(subject, sides))
    for name, field in type(new).model_fields.items():
        here = field.alias or name
        before, after = getattr(old, name), getattr(new, name)
        if before == after or here in CITATION:
            continue
        yield from _field(new, here, (before, after), (*place, here), subject, sides)


def _field(
    owner: Part,
    name: str,
    values: tuple[Any, Any],
    place: Place,
    subject: Words,
    sides: tuple[Side, Side],
) -> Iterator[Difference]:
    before, after = values
    if _entries(before) or _entries(after):
        yield from _lists(owner, name, before, after, place, sides)
    elif isinstance(before, Part) and isinstance(after, Part) and not isinstance(after, _WHOLE):
        yield from _compare(before, after, place, words_of(type(owner), name), sides)
    elif _is_section(before) or _is_section(after):
        noun = words_of(type(owner), name)
        if before is not None:
            yield from _gone(before, place, noun, sides)
        if after is not None:
            yield from _come(after, place, noun, sides)
    else:
        told = changed(owner, name, before, after, subject, sides)
        aspect: Aspect = "wording" if name in _NAMES and hasattr(owner, "code") else "rule"
        if isinstance(owner, Decision):
            aspect = "source"
        yield _difference(place, "changed", aspect, before, after, sides, told)


def _lists(
    owner: Part,
    name: str,
    before: Sequence[Part],
    after: Sequence[Part],
    place: Place,
    sides: tuple[Side, Side],
) -> Iterator[Difference]:
    """Compare two lists of entries by what names these."""
    noun = words_of(type(owner), name)
    old, new = _keyed(before), _keyed(after)
    for key, (index, entry) in old.items():
        if key not in new:
            yield from _gone(entry, (*place, index), noun, sides)
    for key, (index, entry) in new.items():
        if key in old:
            yield from _compare(old[key][1], entry, (*place, index), _subject(noun, entry, sides[1]), sides)
        else:
            yield from _come(entry, (*place, index), noun, sides)
    kept = [key for key in old if key in new]
    if kept != [key for key in new if key in old]:
        told = reordered(noun, sides)
        yield _difference(place, "changed", "wording", list(map(str, kept)), None, sides, told)


def _come(part: Part, place: Place, noun: Words, sides: tuple[Side, Side]) -> Iterator[Difference]:
    """Tell of what is new, and of each cited rule within it."""
    inner = Side(sides[0].phrases, None), sides[1].at(part)
    aspect: Aspect = "source" if isinstance(part, Decision) else "rule"
    yield _difference(place, "added", aspect, None, part, inner, added(part, noun, inner[1]))
    for here, label, child in _rules_within(part):
        yield from _come(child, (*place, *here), label, inner)


def _gone(part: Part, place: Place, noun: Words, sides: tuple[Side, Side]) -> Iterator[Difference]:
    """Tell of what is dropped, and of each cited rule within it."""
    inner = sides[0].at(part), Side(sides[1].phrases, None)
    aspect: Aspect = "source" if isinstance(part, Decision) else "rule"
    yield _difference(place, "removed", aspect, part, None, inner, removed(part, noun, inner[0]))
    for here, label, child in _rules_within(part):
        yield from _gone(child, (*place, *here), label, inner)


def _rules_within(part: Part) -> Iterator[tuple[Place, Words, Cited]]:
    for name, field in type(part).model_fields.items():
        value, here = getattr(part, name), field.alias or name
        label = words_of(type(part), here)
        if isinstance(value, Cited):
            yield (here,), label, value
        elif isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, Cited):
                    yield (here, index), label, entry


def _entries(value: Any) -> bool:
    return isinstance(value, tuple) and any(
        isinstance(one, Part) and not isinstance(one, _WHOLE) for one in value
    )


def _is_section(value: Any) -> bool:
    return isinstance(value, Part) and not isinstance(value, _WHOLE)


def _keyed(entries: Sequence[Part]) -> dict[tuple[object, ...], tuple[int, Part]]:
    """Key entries by what names them, and by their number among those of the same name."""
    keyed: dict[tuple[object, ...], tuple[int, Part]] = {}
    for index, entry in enumerate(entries):
        names = (getattr(entry, name, None) for name in ("code", "act", "rule", "title"))
        name = next((one for one in names if one is not None), None)
        if name is None:
            name = (getattr(entry, "kind", None), getattr(entry, "arrangement", None))
        number = sum(1 for key in keyed if key[0] == name)
        keyed[name, number] = index, entry
    return keyed


def _subject(noun: Words, entry: Part, side: Side) -> Words:
    name = side.phrases.called(entry)
    return noun if name is None else Words(f"{noun.zh}{name.zh}", f"{noun.en} {name.en}")


def _difference(
    place: Place,
    kind: Literal["added", "removed", "changed"],
    aspect: Aspect,
    old: Any,
    new: Any,
    sides: tuple[Side, Side],
    told: Told,
) -> Difference:
    return Difference(
        place=place_of(place),
        kind=kind,
        aspect=aspect,
        old=_data(old),
        new=_data(new),
        old_citation=sides[0].citation,
        new_citation=sides[1].citation,
        zh=told.zh,
        en=told.en,
    )


def _data(value: Any) -> Any:
    """Write a value as the document does."""
    match value:
        case Part():
            return value.model_dump(mode="json", exclude_defaults=True)
        case tuple():
            return [_data(one) for one in value]
        case None | bool() | int() | str() | list():
            return value
        case _:
            return str(value)
