"""The diff of two packs: nothing is left out, and every difference is a sentence with its clauses."""

import re
from collections.abc import Iterator
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from shared.events.policy import Part, PolicyPack, parse_pack
from shared.events.policy.citation import Cited
from shared.events.policy.diffing import Difference, diff
from shared.events.policy.faults import place_of

Path = tuple[int | str, ...]


def _fields(model: BaseModel) -> Iterator[tuple[str, str, Any]]:
    for name, field in type(model).model_fields.items():
        yield name, field.alias or name, getattr(model, name)


def _leaves(part: Part, place: Path) -> Iterator[tuple[Path, Part, str, Any]]:
    """Go through everything that a pack holds, down to single values."""
    for name, here, value in _fields(part):
        if isinstance(value, Part):
            yield from _leaves(value, (*place, here))
        elif isinstance(value, tuple) and value and isinstance(value[0], Part):
            for index, entry in enumerate(value):
                yield from _leaves(entry, (*place, here, index))
        elif name != "format":
            yield (*place, here), part, name, value


def _other(part: Part, name: str, value: Any) -> Any:
    """Think of another value of the same shape."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return value[:-1] if value else ("other",)
    if value is None:
        return {"months": 7, "days": 9, "min_persons": 5, "line": Decimal(3), "n": 4}.get(name, "other")
    if isinstance(value, date):
        return value.replace(day=1 if value.day != 1 else 2)
    return time(3, 7) if isinstance(value, time) else value + ("x" if isinstance(value, str) else 1)


def _with(part: Part, path: Path, value: Any) -> Any:
    """Copy a model with one value changed, without asking whether it makes sense."""
    if not path:
        return value
    name = next(name for name, here, _ in _fields(part) if here == path[0])
    inner = getattr(part, name)
    if len(path) > 1 and isinstance(path[1], int):
        entries = list(inner)
        entries[path[1]] = _with(entries[path[1]], path[2:], value)
        return part.model_copy(update={name: tuple(entries)})
    return part.model_copy(update={name: _with(inner, path[1:], value) if len(path) > 1 else value})


def _covers(one: Difference, place: str) -> bool:
    """Tell whether a difference speaks of a place, or of the small thing that it is part of."""
    return bool(one.place) and (place == one.place or place.startswith((f"{one.place}.", f"{one.place}[")))


@pytest.mark.parametrize("name", ["earlier", "later", "harbour", "cloud"])
@pytest.mark.clause("C01")
def test_every_field_that_changes_yields_a_sentence_at_its_place(name: str, request: pytest.FixtureRequest):
    pack: PolicyPack = request.getfixturevalue(name)
    silent = []
    for path, part, field, value in _leaves(pack, ()):
        changed = _with(pack, path, _other(part, field, value))
        place = place_of(path)
        told = [one for one in diff(pack, changed) if _covers(one, place)]
        # What names an entry makes it another one: the old goes and the new comes.
        if not told or not all(one.zh.endswith("。") and one.en.endswith(".") for one in told):
            silent.append(place)
    assert silent == []


def test_the_invented_packs_together_use_every_field_of_the_model(
    earlier: PolicyPack, later: PolicyPack, harbour: PolicyPack, cloud: PolicyPack
):
    used = {
        f"{type(part).__name__}.{field}"
        for pack in (earlier, later, harbour, cloud)
        for _, part, field, _ in _leaves(pack, ())
    }
    pending: list[type[BaseModel]] = [PolicyPack]
    modelled: set[str] = set()
    while pending:
        model = pending.pop()
        for name, field in model.model_fields.items():
            inner = _models_of(field.annotation)
            if not inner:
                modelled.add(f"{model.__name__}.{name}")
            pending.extend(inner)
    assert modelled - used == {"PolicyPack.format"}


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    arguments = getattr(annotation, "__args__", ())
    return [model for argument in arguments for model in _models_of(argument)]


@pytest.mark.parametrize("name", ["earlier", "later", "harbour", "cloud", "bare"])
def test_a_pack_does_not_differ_from_itself(name: str, request: pytest.FixtureRequest):
    pack: PolicyPack = request.getfixturevalue(name)
    assert diff(pack, parse_pack(pack.document())) == ()


def test_every_entry_of_a_list_that_comes_goes_or_moves_is_told(later: PolicyPack):
    for name, _, value in _fields(later):
        if not isinstance(value, tuple) or not value:
            continue
        shorter = later.model_copy(update={name: value[1:]})
        gone, come = diff(later, shorter), diff(shorter, later)
        assert (gone[0].place, gone[0].kind) == (f"{name}[0]", "removed")
        assert (come[0].place, come[0].kind) == (f"{name}[0]", "added")
        if len(value) > 1:
            turned = diff(later, later.model_copy(update={name: value[::-1]}))
            assert [(one.place, one.kind, one.aspect) for one in turned] == [(name, "changed", "wording")]


def test_every_section_that_comes_or_goes_is_told_with_the_rules_within_it(
    earlier: PolicyPack, later: PolicyPack
):
    for name, _, value in _fields(later):
        if not isinstance(value, Cited) or name in {"notice", "programme", "cycle"}:
            continue
        without = later.model_copy(update={name: None})
        gone, come = diff(later, without), diff(without, later)
        assert gone[0].place == come[0].place == name
        assert {one.kind for one in gone} == {"removed"}
        assert {one.kind for one in come} == {"added"}
    told = {one.place for one in diff(later.model_copy(update={"funds": None}), later)}
    assert told == {"funds", "funds.ledger", "funds.discipline", "funds.local_support"}


@pytest.mark.clause("C01", "C07")
def test_a_sentence_cites_both_sides_and_names_codes_as_people_do(earlier: PolicyPack, later: PolicyPack):
    found = {(one.place, one.kind): one for one in diff(earlier, later)}
    dropped = found["floors[1]", "removed"]
    assert (
        dropped.zh
        == "制造业学员占比不少于30%（以审核通过的学员为分母）的要求取消（N2019 一(一)，C07，决定 Q2）。"
    )
    assert dropped.en == (
        "The requirement that at least 30% of the approved persons are persons from manufacturing is dropped"
        " (N2019 一(一), C07, decision Q2)."
    )
    assert dropped.new is None
    assert dropped.old["min_share"] == "0.30"
    assert dropped.old_citation is not None
    assert (dropped.old_citation.clause, dropped.new_citation) == (("C07",), None)
    raised = found["floors[0].min_persons", "changed"]
    assert (raised.old, raised.new) == (1800, 2000)
    assert raised.zh == "学员的人数下限由1800人改为2000人（原 N2019 一(一)，C06；现 N2022 一(一)，C06）。"


def test_no_sentence_shows_a_code_where_there_is_a_name(earlier: PolicyPack, later: PolicyPack):
    bare = re.compile(r"\b(?:talent_exchange_centre|region|approved_persons|designated_|own|special_topic)\b")
    sentences = [text for one in diff(earlier, later) if one.aspect == "rule" for text in (one.zh, one.en)]
    assert not [text for text in sentences if bare.search(text.replace('"Own"', ""))]
