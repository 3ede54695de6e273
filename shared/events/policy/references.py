"""What refers to what within a pack: each entry names entries that exist, and each code one entry."""

from collections.abc import Callable, Iterator
from datetime import date

from shared.events.policy.citation import Cited
from shared.events.policy.faults import PackFault, not_one_of, place_of
from shared.events.policy.pack import PolicyPack
from shared.events.policy.places import among, codes, exactly_one, organisation_kinds, walk
from shared.events.policy.vocabulary import CLASS_START


def _repeated(pack: PolicyPack) -> Iterator[PackFault]:
    """Find codes that do not name exactly one entry of their list, at every depth."""
    for place, part in walk(pack, ()):
        for name, field in type(part).model_fields.items():
            entries = getattr(part, name)
            if not isinstance(entries, tuple):
                continue
            seen: set[object] = set()
            for index, entry in enumerate(entries):
                code = _identity(entry)
                if code is not None and code in seen:
                    yield PackFault(
                        place=place_of((*place, field.alias or name, index)),
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


def _decisions(pack: PolicyPack) -> Iterator[PackFault]:
    known = [decision.code for decision in pack.decisions]
    for place, part in walk(pack, ()):
        if isinstance(part, Cited):
            yield from among(place_of((*place, "decision")), part.decision, known)


def _class_kinds(pack: PolicyPack) -> Iterator[PackFault]:
    closings = [CLASS_START, *codes(pack.deadlines)]
    for index, kind in enumerate(pack.class_kinds):
        place = f"class_kinds[{index}]"
        if kind.longest is not None:
            yield from exactly_one(f"{place}.longest", kind.longest, ("months", "days"))
        if kind.selection_closes is not None and kind.selection_closes not in closings:
            yield not_one_of(f"{place}.selection_closes", closings)
        if kind.blocks is not None and not kind.blocks.fit_between(date.min, kind.latest_end(date.min)):
            yield PackFault(
                place=f"{place}.blocks",
                zh=f"共 {kind.blocks.days} 天，须不超过 longest",
                en=f"no more than `longest`; these are {kind.blocks.days} days",
            )
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
    arrangements, organisations = codes(pack.arrangements), organisation_kinds(pack)
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
            yield from among(f"{place}.{name}", getattr(rule, name) or (), organisations)


def _duties(pack: PolicyPack) -> Iterator[PackFault]:
    kinds, offices = organisation_kinds(pack), codes(pack.offices)
    for index, duty in enumerate(pack.responsibilities):
        for number, holder in enumerate(duty.holders):
            place = f"responsibilities[{index}].holders[{number}]"
            yield from exactly_one(place, holder, ("kind", "office", "organisation"))
            if holder.kind is not None and holder.kind not in kinds:
                yield not_one_of(f"{place}.kind", kinds)
            if holder.office is not None and holder.office not in offices:
                yield not_one_of(f"{place}.office", offices)


def _organisations(pack: PolicyPack) -> Iterator[PackFault]:
    kinds = organisation_kinds(pack)
    for index, office in enumerate(pack.offices):
        if office.hosted_by not in kinds:
            yield not_one_of(f"offices[{index}].hosted_by", kinds)
    for index, channel in enumerate(pack.channels):
        yield from among(f"channels[{index}].used_by", channel.used_by, kinds)
    for name, offices in (("contacts", pack.contacts), ("addressees", pack.addressees)):
        for index, office in enumerate(offices):
            if office.kind not in kinds:
                yield not_one_of(f"{name}[{index}].kind", kinds)
    if pack.training_plan is not None:
        yield from among("training_plan.consenting_kinds", pack.training_plan.consenting_kinds, kinds)


REFERENCES: tuple[Callable[[PolicyPack], Iterator[PackFault]], ...] = (
    _repeated,
    _decisions,
    _class_kinds,
    _arrangement_rules,
    _duties,
    _organisations,
)
