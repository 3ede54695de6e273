"""Faults of a pack, each at its exact place (`floors[1].attribute`) with what is allowed there."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("此项必填", "this must be given"),
    "extra_forbidden": ("没有这一项，可写：{allowed}", "no such field; fields here: {allowed}"),
    "literal_error": ("只能是：{allowed}", "one of: {allowed}"),
    "string_type": ("应为文本", "a text"),
    "string_too_short": ("文本不能为空", "a text that is not empty"),
    "string_too_long": ("文本至多 {max_length} 字", "a text of at most {max_length} characters"),
    "string_pattern_mismatch": ("应符合格式 {pattern}", "a text of the form {pattern}"),
    "int_type": ("应为整数", "a whole number"),
    "bool_type": ("应为 true 或 false", "true or false"),
    "tuple_type": ("应为列表", "a list"),
    "model_type": ("应为一组键值", "a mapping of fields"),
    "model_attributes_type": ("应为一组键值", "a mapping of fields"),
    "decimal_max_places": ("至多 {decimal_places} 位小数", "at most {decimal_places} decimals"),
    "decimal_max_digits": ("至多 {max_digits} 位数字", "at most {max_digits} digits"),
    "date_type": ("应为日期，例如 2022-10-31", "a date such as 2022-10-31"),
    "date_parsing": ("应为日期，例如 2022-10-31", "a date such as 2022-10-31"),
    "date_from_datetime_parsing": ("应为日期，例如 2022-10-31", "a date such as 2022-10-31"),
    "time_type": ("应为时刻，例如 17:00", "a time of day such as 17:00"),
    "time_parsing": ("应为时刻，例如 17:00", "a time of day such as 17:00"),
    "greater_than_equal": ("不小于 {ge}", "at least {ge}"),
    "less_than_equal": ("不大于 {le}", "at most {le}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFault:
    """One fault: `place` in the document, what is allowed there, and the allowed values if they are few.

    `line` and `column` count from 1 and are known of what came as YAML.
    """

    place: str
    zh: str
    en: str
    allowed: tuple[str, ...] = ()
    line: int | None = None
    column: int | None = None


class PackInvalid(Exception):
    """The document is no policy pack; `faults` says what to mend, and where."""

    def __init__(self, faults: Iterable[PackFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.place or 'the document'}: {fault.en}" for fault in self.faults))


def not_one_of(place: str, allowed: Iterable[str]) -> PackFault:
    """Say that the value at `place` is none of `allowed`."""
    words = tuple(allowed)
    zh, en = (
        ("、".join(words), ", ".join(words))
        if words
        else ("（本方案没有任何此类条目）", "(the pack has none)")
    )
    return PackFault(place=place, zh=f"只能是：{zh}", en=f"one of: {en}", allowed=words)


def place_of(path: Iterable[int | str]) -> str:
    """Write a path as people read it: `("floors", 1, "attribute")` is `floors[1].attribute`."""
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[PackFault]:
    """Translate the findings of pydantic about `model`."""
    return [_fault(detail, model) for detail in error.errors(include_url=False)]


def _fault(detail: ErrorDetails, model: type[BaseModel]) -> PackFault:
    context: dict[str, Any] = dict(detail.get("ctx", {}))
    allowed: tuple[str, ...] = ()
    if detail["type"] == "extra_forbidden":
        allowed = _fields_at(model, detail["loc"][:-1])
    elif detail["type"] == "literal_error":
        allowed = tuple(re.findall(r"'([^']*)'", context["expected"]))
    own = (str(context["zh"]), str(context["en"])) if "zh" in context else None
    zh, en = own or _WORDS.get(detail["type"], (detail["msg"], detail["msg"]))
    return PackFault(
        place=place_of(detail["loc"]),
        zh=zh if own else _fill(zh, context | {"allowed": "、".join(allowed)}),
        en=en if own else _fill(en, context | {"allowed": ", ".join(allowed)}),
        allowed=allowed,
    )


def _fill(words: str, values: Mapping[str, Any]) -> str:
    for name, value in values.items():
        words = words.replace(f"{{{name}}}", str(value))
    return words


def _fields_at(model: type[BaseModel], path: Iterable[int | str]) -> tuple[str, ...]:
    """List the fields of the model that stands at `path`."""
    here = model
    for step in path:
        if isinstance(step, int):
            continue
        named = {field.alias or name: field for name, field in here.model_fields.items()}
        if step in named:
            here = next(models_in(named[step].annotation), here)
    return tuple(field.alias or name for name, field in here.model_fields.items())


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Find the models that an annotation such as `tuple[Floor, ...]` or `Funds | None` speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)
