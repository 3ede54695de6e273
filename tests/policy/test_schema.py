"""The published JSON Schema: in step with the model, true of every pack, and of use to an editor."""

import json
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from shared.events.policy import PolicyPack, load_pack, parse_pack
from shared.events.policy.faults import models_in
from shared.events.policy.meanings import meanings_of
from shared.events.policy.schema import NOTES, SCHEMA_ID, models_of, pack_schema, schema_text
from shared.events.policy.words import words_of

ROOT = Path(__file__).parents[2]
PACKS = [
    *sorted((ROOT / "services" / "registry" / "packs").glob("*.yaml")),
    *sorted((ROOT / "tests" / "policy" / "packs").glob("*.yaml")),
]
SCHEMA = pack_schema()


class _Editor(yaml.SafeLoader):
    """Reads YAML as an editor does: dates are texts, as in YAML 1.2."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _literals(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    if annotation is bool:
        return [True, False]
    if list(models_in(annotation)):
        return []
    return [value for argument in get_args(annotation) for value in _literals(argument)]


def _errors(document: object) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(document)]


def test_the_committed_schema_is_the_one_of_the_model():
    Draft202012Validator.check_schema(SCHEMA)
    assert (ROOT / "docs" / "policy-pack.schema.json").read_text(encoding="utf-8") == schema_text()
    assert SCHEMA["$id"] == SCHEMA_ID


@pytest.mark.clause("C01")
@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_every_pack_as_it_is_written_is_true_to_the_schema(path: Path):
    written = yaml.load(path.read_text(encoding="utf-8"), _Editor)  # noqa: S506 - it is a SafeLoader
    assert _errors(written) == []
    assert _errors(load_pack(path.read_text(encoding="utf-8")).document()) == []


def test_every_field_has_a_title_and_every_choice_its_meaning_in_both_languages():
    for model in models_of(PolicyPack):
        said = SCHEMA if model is PolicyPack else SCHEMA["$defs"][model.__name__]
        for name, field in model.model_fields.items():
            here = field.alias or name
            words = words_of(model, here)
            assert said["properties"][here]["title"] == f"{words.zh} · {words.en}"
            written = json.dumps(said["properties"][here], ensure_ascii=False)
            for value in _literals(field.annotation):
                meaning = meanings_of(model, here)[value]
                assert meaning.zh in written
                assert meaning.en in written


def test_every_note_stands_at_a_model_or_field_that_exists():
    models: dict[str, type[BaseModel]] = {
        base.__name__: base
        for model in models_of(PolicyPack)
        for base in model.__mro__
        if issubclass(base, BaseModel)
    }
    for name in NOTES:
        model, _, field = name.partition(".")
        assert not field or field in SCHEMA["$defs"][model]["properties"], name
        assert model in models, name


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"floors": [{"code": "x", "zh": "x", "en": "x"}]}, "$.floors[0]"),
        ({"colour": "red"}, "$"),
        ({"responsibilities": [{"act": "sing", "holders": [], "source": "X"}]}, "$.responsibilities[0].act"),
        (
            {"deadlines": [{"code": "x", "zh": "x", "en": "x", "until": 5, "zone": "UTC", "source": "X"}]},
            "$.deadlines[0].until",
        ),
    ],
    ids=["uncited", "unknown field", "unknown act", "no date"],
)
def test_the_schema_refuses_at_the_place_what_the_model_refuses(
    later: PolicyPack, change: dict[str, Any], place: str
):
    assert place in _errors({**later.document(), **change})


def test_the_snippet_of_the_guide_is_part_of_a_pack(bare: PolicyPack):
    guide = (ROOT / "docs" / "policy-packs.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in guide.split("```yaml\n")[1:]]
    snippet = next(block for block in blocks if "floors:" in block)
    written = yaml.load(snippet, _Editor)  # noqa: S506 - it is a SafeLoader
    pack = parse_pack({**bare.document(), "notice": _notice(), **written})
    assert [floor.code for floor in pack.floors] == ["persons", "manufacturing"]
    for name in PolicyPack.model_fields.keys() - {"format", "decisions"}:
        assert f"`{name}`" in guide, name


def _notice() -> dict[str, Any]:
    return {"number": "1", "title": "演练", "signed_on": "2031-01-01", "source": "N2031 文首"}
