"""Going through a pack with the place of everything in it, and the faults that recur."""

from collections.abc import Iterable, Iterator, Sequence

from shared.events.policy.citation import Part, Term
from shared.events.policy.duties import ORGANISATION_KINDS
from shared.events.policy.faults import PackFault, not_one_of
from shared.events.policy.pack import PolicyPack

Place = tuple[int | str, ...]


def walk(part: Part, place: Place) -> Iterator[tuple[Place, Part]]:
    """Go through a model and all models in it, each with its place."""
    yield place, part
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        here = (*place, field.alias or name)
        if isinstance(value, Part):
            yield from walk(value, here)
        elif isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, Part):
                    yield from walk(entry, (*here, index))


def codes(entries: Iterable[Term]) -> list[str]:
    return [entry.code for entry in entries]


def organisation_kinds(pack: PolicyPack) -> list[str]:
    return [*ORGANISATION_KINDS, *codes(pack.organisation_kinds)]


def among(place: str, given: Iterable[str], allowed: Sequence[str]) -> Iterator[PackFault]:
    for index, value in enumerate(given):
        if value not in allowed:
            yield not_one_of(f"{place}[{index}]", allowed)


def exactly_one(place: str, part: Part, names: tuple[str, ...]) -> Iterator[PackFault]:
    if sum(getattr(part, name) is not None for name in names) != 1:
        zh, en = " 或 ".join(names), " or ".join(names)
        yield PackFault(place=place, zh=f"须恰好写出其一：{zh}", en=f"exactly one of: {en}", allowed=names)
