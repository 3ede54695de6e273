"""The JSON Schema of the pack (draft 2020-12), by which an editor completes and checks the YAML.

It says the shape of the model with names and meanings in Chinese and English. What refers to what
within a pack no schema can say; that is told by `parse_pack` and by a dry run.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from shared.events.policy.citation import Cited
from shared.events.policy.faults import models_in
from shared.events.policy.meanings import meanings_of
from shared.events.policy.pack import PolicyPack
from shared.events.policy.words import Words, words_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_ID = "urn:lingjun:schema:policy-pack.v1"

# YAML reads 0.30 without quotes as a number; we keep its text, so it is none of the editor's worries.
_DECIMAL = {"type": ["string", "number"], "pattern": r"^[0-9]{1,12}(?:\.[0-9]{1,12})?$", "minimum": 0}

NOTES: Mapping[str, Words] = {
    "PolicyPack": Words(
        "一个周期的政策包：通知所说的一切，每一项都注明出处；空列表或缺省表示本周期没有这一概念",
        "One cycle; every parameter is cited, and what is left out does not exist in the cycle",
    ),
    "Cited": Words(
        "须注明出处：clause 与 source（通知中的位置），或 decision（通知未规定时所作的决定）",
        "Says where it comes from: clause with source, or decision",
    ),
    "ClassKind.longest": Words("不写则不限", "Left out: no limit"),
    "ClassKind.blocks": Words("例如十次、每次连续四天", "Such as ten meetings of four days in a row"),
    "ClassKind.selection_closes": Words(
        "某一期限的代码，或 class_start（开班时）", "The code of a deadline, or class_start"
    ),
    "Span": Words("月数与天数恰写其一", "Months or days, exactly one of them"),
    "Arrangement.co_organised_by": Words(
        "不写则不限；空列表：不设合作单位", "Left out: any kind; empty: none"
    ),
    "Arrangement.max_institutions": Words("不写则不限", "Left out: no limit"),
    "Cycle.follows": Words("上一周期的编号", "The id of the cycle before this one"),
    "Floor": Words("下限，从不是上限", "A minimum that is never a cap"),
    "Floor.min_share": Words('带引号的小数，例如 "0.30"', 'A decimal in quotes, such as "0.30"'),
    "Deadline.until": Words("含当日", "The day itself is in time"),
    "Deadline.hour": Words('带引号，例如 "17:00"；不写则到当日结束', 'In quotes, such as "17:00"'),
    "Responsibility.holders": Words("空列表：本周期无人承担", "Empty: nobody in this cycle"),
    "Holder": Words("kind、office、organisation 恰写其一", "Exactly one of kind, office, organisation"),
    "SuspensionRule": Words(
        "below 写 line，bottom_n 写 n；可并用，符合任一条即停训",
        "below takes line, bottom_n takes n; they combine, and an institution falls by any",
    ),
    "Suspension": Words("停训只影响下一周期", "Bars from the following cycle only"),
    "CheckParams": Words(
        "attribute_in、attribute_not_in 写 attribute 与 in；post_in 只写 in",
        "attribute and in for attribute_in and attribute_not_in; only in for post_in",
    ),
    "Completion.min_score": Words(
        '带引号的分数，例如 "60.00"；不写则不看成绩',
        'A score in quotes, such as "60.00"; left out: none is asked',
    ),
    "NumberPattern.pattern": Words(
        "大写字母、数字、连字符与记号 {cohort}、{serial:06}、{check}",
        "Capitals, digits, hyphens and the tokens {cohort}, {serial:06}, {check}",
    ),
    "FeeCap.max_yuan": Words('带引号的金额，例如 "340.50"', 'An amount in quotes, such as "340.50"'),
    "FeeCap.covers": Words(
        "费用种类的代码，例如 lodging、meals；不写则为本条代码所指的一种",
        "Codes of kinds of cost, such as lodging, meals; none: the one that the code of the cap names",
    ),
    "Channel.basis": Words("凭什么身份推荐", "As what one may name a person"),
}
"""What an author needs to know of a model or field beyond its name."""


@cache
def schema_text() -> str:
    """Write the schema as it is published and as it lies in `docs`."""
    return json.dumps(pack_schema(), ensure_ascii=False, indent=2) + "\n"


def pack_schema() -> dict[str, Any]:
    """Make the schema from the model and its words."""
    schema = PolicyPack.model_json_schema()
    for model in models_of(PolicyPack):
        made = schema if model is PolicyPack else schema["$defs"][model.__name__]
        made["title"] = model.__name__
        made["description"] = _description(model)
        if issubclass(model, Cited):
            made["anyOf"] = [{"required": ["source"]}, {"required": ["decision"]}]
        for name, field in model.model_fields.items():
            here = field.alias or name
            words, note = words_of(model, here), NOTES.get(f"{model.__name__}.{here}")
            said = made["properties"][here] = _with_meanings(made["properties"][here], model, here)
            said["title"] = f"{words.zh} · {words.en}"
            if note is not None:
                said["description"] = f"{note.zh}。{note.en}."
    return {"$schema": DIALECT, "$id": SCHEMA_ID, **schema}


def models_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Go through a model and all models in it, each once."""
    pending, seen = [model], {model}
    while pending:
        present = pending.pop()
        yield present
        inner = {one for field in present.model_fields.values() for one in models_in(field.annotation)}
        pending.extend(sorted(inner - seen, key=lambda one: one.__name__))
        seen |= inner


def _description(model: type[BaseModel]) -> str:
    notes = [NOTES[one.__name__] for one in model.__mro__ if one.__name__ in NOTES]
    return "".join(f"{note.zh}。" for note in notes) + " ".join(f"{note.en}." for note in notes)


def _with_meanings(said: Any, model: type[BaseModel], field: str) -> Any:
    """Give closed values their meanings, and exact decimals the form in which they are written."""
    if isinstance(said, list):
        return [_with_meanings(one, model, field) for one in said]
    if not isinstance(said, dict):
        return said
    if "decimal_places" in said:
        return dict(_DECIMAL)
    values = said.get("enum", [said["const"]] if "const" in said else [])
    if said.get("type") == "boolean":
        flags = meanings_of(model, field)
        zh = f"true：{flags[True].zh}；false：{flags[False].zh}。"
        return {**said, "description": f"{zh}true: {flags[True].en}; false: {flags[False].en}."}
    if values:
        meanings = meanings_of(model, field)
        return {
            "oneOf": [
                {"const": value, "title": f"{meanings[value].zh} · {meanings[value].en}"} for value in values
            ]
        }
    return {name: _with_meanings(one, model, field) for name, one in said.items()}
