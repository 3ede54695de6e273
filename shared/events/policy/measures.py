"""What the rules of a pack measure: attributes with values they can have, and all that a rule needs."""

import re
from collections.abc import Callable, Iterator
from typing import get_args

from shared.events.policy.faults import PackFault, not_one_of
from shared.events.policy.pack import PolicyPack
from shared.events.policy.places import among, codes, exactly_one
from shared.events.policy.rules import CHECK_PARAMS, Attribute
from shared.events.policy.vocabulary import SizeClass

_NUMBER = re.compile(r"(?:[A-Z0-9-]|\{cohort\})*\{serial:0[1-9]\}(?:[A-Z0-9-]|\{cohort\})*(?:\{check\})?")


def _values(pack: PolicyPack, attribute: str) -> list[str] | None:
    """List the values that an attribute can have; None when any text can be one."""
    closed: dict[str, list[str]] = {
        "industry_section": list("ABCDEFGHIJKLMNOPQRST"),
        "size_class": list(get_args(SizeClass)),
        "tier": codes(pack.tiers),
        "target_group": codes(pack.target_groups),
        "channel": codes(pack.channels),
        "class_kind": codes(pack.class_kinds),
        "arrangement": codes(pack.arrangements),
        "special_topic": codes(pack.special_topics),
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
        yield from among(f"{place}.in", values, possible)


def _floors(pack: PolicyPack) -> Iterator[PackFault]:
    for index, floor in enumerate(pack.floors):
        place = f"floors[{index}]"
        yield from exactly_one(place, floor, ("min_persons", "min_share"))
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
    groups = codes(pack.target_groups)
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
        if rule.line is not None and pack.evaluation is not None and rule.line > pack.evaluation.top_score:
            top = pack.evaluation.top_score
            yield PackFault(place=f"{place}.line", zh=f"不大于满分 {top}", en=f"at most the top score {top}")
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


MEASURES: tuple[Callable[[PolicyPack], Iterator[PackFault]], ...] = (
    _floors,
    _deadlines,
    _screening,
    _outcome,
    _certificate,
)
