"""What must agree within a pack: entries refer to what exists, and say neither too much nor too little.

The shape alone is checked by the models; here each fault is named at the exact place.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

from shared.events.policy.citation import Cited, Part, Term
from shared.events.policy.duties import ORGANISATION_KINDS
from shared.events.policy.faults import PackFault, not_one_of, place_of
from shared.events.policy.pack import PolicyPack
from shared.events.policy.rules import CHECK_PARAMS, Attribute
from shared.events.policy.vocabulary import CLASS_START, SizeClass

_NUMBER = re.compile(r"(?:[A-Z0-9-]|\{cohort\})*\{serial:0[1-9]\}(?:[A-Z0-9-]|\{cohort\})*(?:\{check\})?")


def incoherences(pack: PolicyPack) -> list[PackFault]:
    """List every fault of a well-formed pack; none is the good answer."""
    return [fault for check in _CHECKS for fault in check(pack)]


def _codes(entries: Iterable[Term]) -> list[str]:
    return [entry.code for entry in entries]


def _kinds(pack: PolicyPack) -> list[str]:
    return [*ORGANISATION_KINDS, *_codes(pack.organisation_kinds)]


def _among(place: str, given: Iterable[str], allowed: Sequence[str]) -> Iterator[PackFault]:
    for index, value in enumerate(given):
        if value not in allowed:
            yield not_one_of(f"{place}[{index}]", allowed)


def _exactly_one(place: str, part: Part, names: tuple[str, ...]) -> Iterator[PackFault]:
    if sum(getattr(part, name) is not None for name in names) != 1:
        zh, en = " 或 ".join(names), " or ".join(names)
        yield PackFault(place=place, zh=f"须恰好写出其一：{zh}", en=f"exactly one of: {en}", allowed=names)


def _repeated(pack: PolicyPack) -> Iterator[PackFault]:
    """Find codes that do not name exactly one entry of their list, at every depth."""
    for place, part in _walk(pack, ()):
        for name in type(part).model_fields:
            entries = getattr(part, name)
            if not isinstance(entries, tuple):
                continue
            seen: set[object] = set()
            for index, entry in enumerate(entries):
                code = _identity(entry)
                if code is not None and code in seen:
                    yield PackFault(
                        place=place_of((*place, name, index)),
                        zh="与前面的条目重复",
                        en="an entry not given before",
                    )
                seen.add(code)


def _identity(entry: object) -> object:
    for names in (("code",), ("kind", "arrangement"), ("act",)):
        values = tuple(getattr(entry, name, None) for name in names)
        if None not in values:
            return values
    return entry if isinstance(entry, str) else None


def _walk(part: Part, place: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], Part]]:
    """Go through a model and all models in it, each with its place."""
    yield place, part
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        here = (*place, field.alias or name)
        if isinstance(value, Part):
            yield from _walk(value, here)
        elif isinstance(value, tuple):
            for index, entry in enumerate(value):
                if isinstance(entry, Part):
                    yield from _walk(entry, (*here, index))


def _decisions(pack: PolicyPack) -> Iterator[PackFault]:
    known = [decision.code for decision in pack.decisions]
    for place, part in _walk(pack, ()):
        if isinstance(part, Cited):
            yield from _among(place_of((*place, "decision")), part.decision, known)


def _class_kinds(pack: PolicyPack) -> Iterator[PackFault]:
    closings = [CLASS_START, *_codes(pack.deadlines)]
    for index, kind in enumerate(pack.class_kinds):
        place = f"class_kinds[{index}]"
        if kind.longest is not None:
            yield from _exactly_one(f"{place}.longest", kind.longest, ("months", "days"))
        if kind.selection_closes is not None and kind.selection_closes not in closings:
            yield not_one_of(f"{place}.selection_closes", closings)
        if kind.designation and pack.designation is None:
            yield PackFault(
                place=f"{place}.designation",
                zh="本方案没有 designation 规则，只能是 false",
                en="false, as the pack has no designation",
            )
        if kind.takes_topic and not pack.special_topics:
            yield PackFault(
                place=f"{place}.takes_topic",
                zh="本方案没有专题，只能是 false",
                en="false, as the pack has no special topics",
            )


def _arrangement_rules(pack: PolicyPack) -> Iterator[PackFault]:
    kinds = {kind.code: kind for kind in pack.class_kinds}
    arrangements, organisations = _codes(pack.arrangements), _kinds(pack)
    for index, rule in enumerate(pack.arrangement_rules):
        place = f"arrangement_rules[{index}]"
        if rule.kind not in kinds:
            yield not_one_of(f"{place}.kind", kinds)
        elif rule.designation_required == "designated" and not kinds[rule.kind].designation:
            yield not_one_of(f"{place}.designation_required", ("any", "none"))
        if rule.arrangement not in arrangements:
            yield not_one_of(f"{place}.arrangement", arrangements)
        if rule.max_institutions is not None and rule.max_institutions < rule.min_institutions:
            low = rule.min_institutions
            yield PackFault(place=f"{place}.max_institutions", zh=f"不小于 {low}", en=f"at least {low}")
        for name in ("designation_exempt", "filed_by", "led_by", "co_organised_by"):
            yield from _among(f"{place}.{name}", getattr(rule, name) or (), organisations)


def _duties(pack: PolicyPack) -> Iterator[PackFault]:
    kinds, offices = _kinds(pack), _codes(pack.offices)
    for index, duty in enumerate(pack.responsibilities):
        for number, holder in enumerate(duty.holders):
            place = f"responsibilities[{index}].holders[{number}]"
            yield from _exactly_one(place, holder, ("kind", "office"))
            if holder.kind is not None and holder.kind not in kinds:
                yield not_one_of(f"{place}.kind", kinds)
            if holder.office is not None and holder.office not in offices:
                yield not_one_of(f"{place}.office", offices)


def _organisations(pack: PolicyPack) -> Iterator[PackFault]:
    kinds = _kinds(pack)
    for index, office in enumerate(pack.offices):
        if office.hosted_by not in kinds:
            yield not_one_of(f"offices[{index}].hosted_by", kinds)
    for index, channel in enumerate(pack.channels):
        yield from _among(f"channels[{index}].used_by", channel.used_by, kinds)
    for index, contact in enumerate(pack.contacts):
        if contact.kind not in kinds:
            yield not_one_of(f"contacts[{index}].kind", kinds)
    if pack.training_plan is not None:
        yield from _among("training_plan.consenting_kinds", pack.training_plan.consenting_kinds, kinds)


def _values(pack: PolicyPack, attribute: str) -> list[str] | None:
    """List the values that an attribute can have; None when any text can be one."""
    closed: dict[str, list[str]] = {
        "industry_section": list("ABCDEFGHIJKLMNOPQRST"),
        "size_class": list(get_args(SizeClass)),
        "tier": _codes(pack.tiers),
        "target_group": _codes(pack.target_groups),
        "channel": _codes(pack.channels),
        "class_kind": _codes(pack.class_kinds),
        "arrangement": _codes(pack.arrangements),
        "special_topic": _codes(pack.special_topics),
    }
    return closed.get(attribute)


def _comparison(
    pack: PolicyPack, place: str, attribute: str | None, values: tuple[str, ...]
) -> Iterator[PackFault]:
    """Find values that the attribute cannot have."""
    if attribute is None:
        return
    if not values:
        yield PackFault(place=f"{place}.in", zh="至少写一个值", en="at least one value")
    possible = _values(pack, attribute)
    if possible is not None:
        yield from _among(f"{place}.in", values, possible)


def _floors(pack: PolicyPack) -> Iterator[PackFault]:
    for index, floor in enumerate(pack.floors):
        place = f"floors[{index}]"
        yield from _exactly_one(place, floor, ("min_persons", "min_share"))
        if floor.min_share is not None and floor.attribute is None:
            yield not_one_of(f"{place}.attribute", get_args(Attribute))
        if floor.min_share is not None and floor.denominator is None:
            yield not_one_of(f"{place}.denominator", ("approved_persons",))
        if floor.attribute is None and floor.values:
            yield not_one_of(f"{place}.attribute", get_args(Attribute))
        yield from _comparison(pack, place, floor.attribute, floor.values)


def _deadlines(pack: PolicyPack) -> Iterator[PackFault]:
    signed = pack.notice.signed_on
    if pack.notice.published_on is not None and pack.notice.published_on < signed:
        yield PackFault(place="notice.published_on", zh=f"不早于 {signed}", en=f"not before {signed}")
    for index, deadline in enumerate(pack.deadlines):
        if deadline.until < signed:
            yield PackFault(
                place=f"deadlines[{index}].until",
                zh=f"不早于通知签发日 {signed}",
                en=f"not before {signed}, when the notice was signed",
            )
    if pack.follows == pack.cycle_id:
        yield PackFault(place="cycle.follows", zh="须是另一周期", en="another cycle")


def _screening(pack: PolicyPack) -> Iterator[PackFault]:
    groups = _codes(pack.target_groups)
    for index, check in enumerate(pack.eligibility):
        place = f"eligibility[{index}]"
        wanted, params = CHECK_PARAMS.get(check.check, frozenset()), check.params
        given: frozenset[str] = frozenset() if params is None else params.given()
        for name in sorted(wanted - given):
            yield PackFault(place=f"{place}.params.{name}", zh="此项必填", en="this must be given")
        for name in sorted(given - wanted):
            yield PackFault(
                place=f"{place}.params.{name}",
                zh="此项检查不用它",
                en=f"nothing; {check.check} does not take it",
            )
        if params is not None and wanted >= given:
            yield from _comparison(pack, f"{place}.params", params.attribute, params.values)
        if check.target_group is not None and check.target_group not in groups:
            yield not_one_of(f"{place}.target_group", groups)
    for index, declaration in enumerate(pack.declarations):
        if declaration.target_group is not None and declaration.target_group not in groups:
            yield not_one_of(f"declarations[{index}].target_group", groups)


def _outcome(pack: PolicyPack) -> Iterator[PackFault]:
    if pack.suspension is None:
        return
    if pack.evaluation is None:
        yield PackFault(
            place="suspension",
            zh="本方案没有 evaluation，不能停训",
            en="nothing, as the pack has no evaluation",
        )
    for index, rule in enumerate(pack.suspension.rules):
        needed, other = ("line", "n") if rule.rule == "below" else ("n", "line")
        place = f"suspension.rules[{index}]"
        if getattr(rule, needed) is None:
            yield PackFault(place=f"{place}.{needed}", zh="此项必填", en="this must be given")
        if getattr(rule, other) is not None:
            yield PackFault(
                place=f"{place}.{other}",
                zh=f"{rule.rule} 不用此项",
                en=f"nothing; {rule.rule} does not take it",
            )


def _certificate(pack: PolicyPack) -> Iterator[PackFault]:
    if pack.certificate is not None and not _NUMBER.fullmatch(pack.certificate.number.pattern):
        tokens = ("{cohort}", "{serial:06}", "{check}")
        yield PackFault(
            place="certificate.number.pattern",
            zh="由大写字母、数字、连字符与记号组成，恰有一个 {serial:06}，{check} 只能在末尾",
            en="capitals, digits, hyphens and tokens: exactly one {serial:06}, and {check} only at the end",
            allowed=tokens,
        )


_CHECKS: tuple[Callable[[PolicyPack], Iterator[PackFault]], ...] = (
    _repeated,
    _decisions,
    _class_kinds,
    _arrangement_rules,
    _duties,
    _organisations,
    _floors,
    _deadlines,
    _screening,
    _outcome,
    _certificate,
)
