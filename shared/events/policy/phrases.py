"""Values and entries of a pack in words: `Floor(min_persons=2000)` is "at least 2000 persons".

Codes are spoken by the names that the pack gives them; both languages always say the same.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, get_args

from pydantic.fields import FieldInfo

from shared.events.policy.citation import Cited, Part
from shared.events.policy.duties import Holder, Responsibility
from shared.events.policy.meanings import KINDS, MEANINGS, SECTIONS, meanings_of, unit_of
from shared.events.policy.pack import PolicyPack
from shared.events.policy.rules import CheckParams, Floor, SuspensionRule
from shared.events.policy.vocabulary import CLASS_START, Arrangement, Blocks, Span
from shared.events.policy.words import Words, words_of

CITATION = frozenset({"clause", "source", "decision"})
PRINCIPAL = frozenset({"zh", "level", "charged", "treatment", "kept"})
"""What a section without a name of its own is for: said without a label."""

_IDENTITY = frozenset({"code", "zh", "en", "title", "act", "rule"})
"""Fields that name an entry; what names it is not said again among its facts."""

_REFERS: Mapping[str, str] = {
    "Arrangement.kind": "class_kinds",
    "Arrangement.arrangement": "arrangements",
    "Arrangement.designation_exempt": "organisation_kinds",
    "Arrangement.filed_by": "organisation_kinds",
    "Arrangement.led_by": "organisation_kinds",
    "Arrangement.co_organised_by": "organisation_kinds",
    "ClassKind.selection_closes": "deadlines",
    "EligibilityCheck.target_group": "target_groups",
    "Declaration.target_group": "target_groups",
    "Office.hosted_by": "organisation_kinds",
    "Channel.used_by": "organisation_kinds",
    "Addressee.kind": "organisation_kinds",
    "Contact.kind": "organisation_kinds",
    "TrainingPlanRule.consenting_kinds": "organisation_kinds",
    "Holder.kind": "organisation_kinds",
    "Holder.office": "offices",
}
"""The vocabulary that a field's codes come from."""

_COUNTED: Mapping[str, str] = {
    "tier": "tiers",
    "target_group": "target_groups",
    "channel": "channels",
    "class_kind": "class_kinds",
    "arrangement": "arrangements",
    "special_topic": "special_topics",
}
"""The vocabulary that the values of a recorded attribute come from."""


class Phrases:
    """Speaks of one pack."""

    def __init__(self, pack: PolicyPack) -> None:
        self._pack = pack

    def value(self, owner: Part, field: str, value: Any) -> Words:
        """Say what a field of `owner` holds."""
        match value:
            case None:
                said = Words("不限", "any")
            case Floor() | SuspensionRule() | Holder() | Span() | Blocks() | CheckParams():
                said = self.entry(value)
            case tuple():
                said = _joined([self.value(owner, field, one) for one in value]) or Words("无", "none")
            case Part():
                said = self.name(value) or self.facts(value)
            case date():
                said = Words(f"{value.year}年{value.month}月{value.day}日", value.isoformat())
            case time():
                said = _twice(f"{value:%H:%M}")
            case Decimal() if field == "min_share":
                said = _twice(f"{_plain(value * 100)}%")
            case _:
                said = self._word(owner, field, value)
        return said

    def _word(self, owner: Part, field: str, value: Any) -> Words:
        meaning = meanings_of(type(owner), field).get(value)
        if meaning is not None:
            return meaning
        vocabulary = _REFERS.get(f"{type(owner).__name__}.{field}")
        if vocabulary is not None:
            return self._entry_named(vocabulary, value)
        if isinstance(owner, Floor | CheckParams) and field in {"in", "values"}:
            return self._counted(owner.attribute, value)
        if isinstance(value, str):
            return quoted(value, value)
        unit = unit_of(type(owner), field)
        number = _plain(value) if isinstance(value, Decimal) else str(value)
        return Words(f"{number}{unit.zh}", f"{number} {unit.en}".strip())

    def _entry_named(self, vocabulary: str, code: str) -> Words:
        if code == CLASS_START:
            return Words("开班时", "the start of the class")
        for entry in getattr(self._pack, vocabulary):
            if entry.code == code:
                return quoted(entry.zh, entry.en)
        return KINDS.get(code, _twice(code))

    def _counted(self, attribute: str | None, value: str) -> Words:
        if attribute == "industry_section" and value in SECTIONS:
            return SECTIONS[value]
        if attribute == "size_class":
            return MEANINGS["TargetGroup.size_classes"][value]
        if attribute in _COUNTED:
            return self._entry_named(_COUNTED[attribute], value)
        return _twice(value)

    def name(self, part: Part) -> Words | None:
        """Name an entry; None for what needs no name, as there is one of it."""
        if isinstance(part, Arrangement):
            kind = self.value(part, "kind", part.kind)
            way = self.value(part, "arrangement", part.arrangement)
            return Words(f"{kind.zh}·{way.zh}", f"{kind.en} under {way.en}")
        if isinstance(part, Responsibility):
            return self.value(part, "act", part.act)
        if isinstance(part, Floor | SuspensionRule):
            return self.entry(part)
        code, title = getattr(part, "code", None), getattr(part, "title", None)
        if code is not None and hasattr(part, "by"):
            return _twice(str(code))
        if code is not None and hasattr(part, "zh"):
            return quoted(getattr(part, "zh", ""), getattr(part, "en", ""))
        return Words(f"{title}", f"{title}") if isinstance(title, str) else None

    def called(self, part: Part) -> Words | None:
        """Call an entry by what stays when its numbers change."""
        if isinstance(part, Floor):
            return quoted(part.zh, part.en)
        if isinstance(part, SuspensionRule):
            rule = self.value(part, "rule", part.rule)
            return Words(f"（{rule.zh}）", f"({rule.en})")
        return self.name(part)

    def entry(self, part: Part) -> Words:
        """Say an entry that has words of its own."""
        return next(say(self, part) for kind, say in _SPOKEN.items() if isinstance(part, kind))

    def facts(self, part: Part) -> Words:
        """Say what an entry holds beyond its name, without the rules within it that are cited themselves."""
        if isinstance(part, Floor | SuspensionRule):
            return Words("", "")
        told = []
        for name, field in type(part).model_fields.items():
            value, here = getattr(part, name), field.alias or name
            if here in CITATION | _IDENTITY or (
                isinstance(part, Arrangement) and here in {"kind", "arrangement"}
            ):
                continue
            if value == field.default or _is_ruled(field):
                continue
            said = self.value(part, here, value)
            if isinstance(value, bool) or here in PRINCIPAL:
                told.append(said)
            else:
                label = words_of(type(part), here)
                told.append(Words(f"{label.zh}：{said.zh}", f"{label.en}: {said.en}"))
        if not told and hasattr(part, "zh") and not hasattr(part, "code"):
            return quoted(getattr(part, "zh", ""), getattr(part, "en", ""))
        return Words("；".join(one.zh for one in told), "; ".join(one.en for one in told))

    def who(self, floor: Floor) -> Words:
        """Say whom a floor counts."""
        if floor.attribute is None:
            return Words("学员", "persons")
        attribute = self.value(floor, "attribute", floor.attribute)
        values = self.value(floor, "in", floor.values)
        if floor.attribute == "industry_section":
            return Words(f"{values.zh}学员", f"persons from {values.en}")
        return Words(f"{attribute.zh}为{values.zh}的学员", f"persons whose {attribute.en} is {values.en}")

    def _floor(self, floor: Floor) -> Words:
        who = self.who(floor)
        if floor.min_share is not None:
            share = self.value(floor, "min_share", floor.min_share)
            whole = self.value(floor, "denominator", floor.denominator)
            return Words(
                f"{who.zh}占比不少于{share.zh}（以{whole.zh}为分母）",
                f"at least {share.en} of {whole.en} are {who.en}",
            )
        return Words(f"{who.zh}不少于{floor.min_persons}人", f"at least {floor.min_persons} {who.en}")

    def _suspension(self, rule: SuspensionRule) -> Words:
        if rule.rule == "below":
            line = self.value(rule, "line", rule.line)
            return Words(
                f"考核结果低于{line.zh}的，暂停下一年度培训任务",
                f"institutions scoring below {line.en} are suspended for the following cycle",
            )
        return Words(
            f"排名末位的{rule.n}家，暂停下一年度培训任务",
            f"the {rule.n} lowest ranked institutions are suspended for the following cycle",
        )

    def _holder(self, holder: Holder) -> Words:
        if holder.organisation is not None:
            return Words(f"机构 {holder.organisation}", f"the organisation {holder.organisation}")
        if holder.office is not None:
            return self.value(holder, "office", holder.office)
        return self.value(holder, "kind", holder.kind)

    def _params(self, params: CheckParams) -> Words:
        values = self.value(params, "in", params.values)
        if params.attribute is None:
            return values
        attribute = self.value(params, "attribute", params.attribute)
        return Words(f"{attribute.zh}：{values.zh}", f"{attribute.en}: {values.en}")

    def _span(self, span: Span) -> Words:
        if span.months is not None:
            return Words(f"{span.months}个月", f"{span.months} months")
        return Words(f"{span.days}天", f"{span.days} days")

    def _blocks(self, blocks: Blocks) -> Words:
        return Words(
            f"{blocks.count}次，每次{blocks.days_each}天", f"{blocks.count} blocks of {blocks.days_each} days"
        )


_SPOKEN: Mapping[type[Part], Callable[[Phrases, Any], Words]] = {
    Floor: Phrases._floor,  # noqa: SLF001 - the table of the class above
    SuspensionRule: Phrases._suspension,  # noqa: SLF001
    Holder: Phrases._holder,  # noqa: SLF001
    CheckParams: Phrases._params,  # noqa: SLF001
    Span: Phrases._span,  # noqa: SLF001
    Blocks: Phrases._blocks,  # noqa: SLF001
}


def _is_ruled(field: FieldInfo) -> bool:
    """Tell whether a field holds cited rules of its own."""
    pending = [field.annotation]
    while pending:
        annotation = pending.pop()
        if isinstance(annotation, type) and issubclass(annotation, Cited):
            return True
        pending.extend(get_args(annotation))
    return False


def _joined(words: Iterable[Words]) -> Words | None:
    listed = list(words)
    return Words("、".join(one.zh for one in listed), ", ".join(one.en for one in listed)) if listed else None


def quoted(zh: str, en: str) -> Words:
    """Put names in quotation marks; those within a name become single ones."""
    inner = zh.replace("“", "‘").replace("”", "’")
    return Words(f"“{inner}”", f'"{en}"')


def _twice(text: str) -> Words:
    return Words(text, text)


def _plain(number: Decimal) -> str:
    """Write a decimal as people do: 30 and not 30.00, 80 and not 8E+1."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
