"""Reading packs, from YAML as officials write it and from documents as services pass them on.

The YAML is a small subset: no anchors, no tags, no duplicate keys, `true` and `false` only, and
dates and decimals stay text, so nothing is rounded and nothing can unfold to gigabytes.
"""

import json
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError
from typing_extensions import override
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser
from yaml.resolver import Resolver

from shared.events.policy.faults import PackFault, PackInvalid, faults_of
from shared.events.policy.measures import MEASURES
from shared.events.policy.pack import PolicyPack
from shared.events.policy.references import REFERENCES

MAX_CHARACTERS = 262_144
_MAX_DEPTH = 24
_MAX_MARKED = 100
_STEP = re.compile(r"([^.\[\]]+)(?![^\[]*\])|\[([0-9]{1,9})\]")
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "bool", "null"))


class _Subset(Composer, CParser, SafeConstructor, Resolver):
    """PyYAML's safe loader without what a pack does not need; its parser in C is seven times as fast."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own shape
    depth = 0

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)

    @override
    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _Refused(event.start_mark, "不允许使用锚点与别名", "no anchors and no aliases")
        if self.depth >= _MAX_DEPTH:
            raise _Refused(event.start_mark, "嵌套过深", f"at most {_MAX_DEPTH} levels")
        self.depth += 1
        try:
            node = super().compose_node(parent, index)
        finally:
            self.depth -= 1
        if node is not None and node.tag not in _PLAIN_TAGS:
            raise _Refused(node.start_mark, "不允许使用标签", "no tags")
        return node

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise _Refused(key.start_mark, "键应为文本", "keys are texts")
            if key.value in seen:
                raise _Refused(key.start_mark, f"键 {key.value} 重复", f"the key {key.value} only once")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]{0,14})$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Subset.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


class _Refused(Exception):
    def __init__(self, mark: Any, zh: str, en: str) -> None:
        super().__init__(en)
        self.fault = PackFault(place=f"line {mark.line + 1}, column {mark.column + 1}", zh=zh, en=en)


def load_pack(text: str) -> PolicyPack:
    """Read a pack from YAML; raises PackInvalid."""
    if len(text) > MAX_CHARACTERS:
        raise PackInvalid([_too_long()])
    try:
        document = _Subset(text).get_single_data()
    except _Refused as refused:
        raise PackInvalid([refused.fault]) from None
    except yaml.YAMLError as error:
        raise PackInvalid([_not_yaml(error)]) from error
    try:
        return parse_pack(document)
    except PackInvalid as invalid:
        raise PackInvalid(_marked(invalid.faults, text)) from None


def _marked(faults: Sequence[PackFault], text: str) -> Iterator[PackFault]:
    """Give the first faults their lines: read again, as nobody asks for the lines of a good pack."""
    root = _Subset(text).get_single_node()
    for number, fault in enumerate(faults):
        mark = _mark_of(root, _STEP.findall(fault.place)) if root and number < _MAX_MARKED else None
        yield fault if mark is None else replace(fault, line=mark.line + 1, column=mark.column + 1)


def _mark_of(node: yaml.Node, steps: Sequence[tuple[str, str]]) -> yaml.Mark:
    """Find where a place stands in the text, or the nearest thing around it that is there."""
    mark = node.start_mark
    for name, index in steps:
        if isinstance(node, yaml.SequenceNode) and index and int(index) < len(node.value):
            node = node.value[int(index)]
            mark = node.start_mark
        elif isinstance(node, yaml.MappingNode) and name:
            entry = next((pair for pair in node.value if pair[0].value == name), None)
            if entry is None:
                break
            mark, node = entry[0].start_mark, entry[1]
        else:
            break
    return mark


def parse_pack(document: Mapping[str, Any]) -> PolicyPack:
    """Read a pack from JSON-able data; raises PackInvalid."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise PackInvalid([PackFault(place="", zh="应为 JSON 数据", en="JSON data")]) from None
    if len(text) > MAX_CHARACTERS:
        raise PackInvalid([_too_long()])
    try:
        pack = PolicyPack.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise PackInvalid(faults_of(error, PolicyPack)) from error
    if faults := [fault for check in (*REFERENCES, *MEASURES) for fault in check(pack)]:
        raise PackInvalid(faults)
    return pack


def known_pack(sha256: str, document: Mapping[str, Any]) -> PolicyPack:
    """Read a pack that the registry has vouched for, once per process and hash."""
    return _known(sha256, _Unhashed(document))


class _Unhashed:
    """Carries a document past the cache key: equal to every other, so that the hash alone decides."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _known(sha256: str, carried: _Unhashed) -> PolicyPack:  # noqa: ARG001 - the hash is the cache key
    return parse_pack(carried.document)


def _too_long() -> PackFault:
    return PackFault(place="", zh=f"至多 {MAX_CHARACTERS} 个字符", en=f"at most {MAX_CHARACTERS} characters")


def _not_yaml(error: yaml.YAMLError) -> PackFault:
    mark: yaml.Mark | None = getattr(error, "problem_mark", None)
    place = "" if mark is None else f"line {mark.line + 1}, column {mark.column + 1}"
    problem = getattr(error, "problem", None) or "not YAML"
    return PackFault(place=place, zh=f"不是有效的 YAML：{problem}", en=f"valid YAML: {problem}")
