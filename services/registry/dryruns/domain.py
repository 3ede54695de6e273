"""What no longer fits when another pack judges: over plain values, with words for each kind of misfit."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.events.policy import ACTS, ClassKind, ConceptAbsent, LiaisonForm, PolicyPack

Misfit = tuple[str, str]
"""The code of a misfit, and the id of what does not fit."""

WORDS: Mapping[str, tuple[str, str]] = {
    "class_kind_absent": ("班级的类型在此政策包中不存在", "classes of a kind that this pack does not have"),
    "arrangement_absent": (
        "班级的办班方式在此政策包中没有规则",
        "classes under an arrangement that this pack has no rule for",
    ),
    "topic_misfits": ("班级的专题与此政策包不符", "classes whose topic does not fit this pack"),
    "class_too_long": ("班级超过此政策包的最长期限", "classes that last longer than this pack allows"),
    "blocks_misfit": (
        "班级的起止日期容不下此政策包规定的集中学习次数",
        "classes whose dates leave no room for the blocks of this pack",
    ),
    "designation_unasked": (
        "承担资格所涉班次类型在此政策包中不设承担资格",
        "designations for kinds that this pack designates nobody for",
    ),
    "form_unasked": (
        "此政策包不再要求工作信息表，已有报送",
        "liaison forms, which this pack does not ask for",
    ),
    "form_field_missing": (
        "已报送的工作信息表缺少此政策包的必填栏目",
        "liaison forms without a field that this pack requires",
    ),
    "act_holder_changed": ("职责改由他方负责", "acts that pass to another holder"),
    "holder_unregistered": ("职责的负责单位尚未登记", "acts whose holder is not registered"),
    "deadline_passed": ("期限已过", "deadlines that have passed"),
}
"""Every kind of misfit, in the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClass:
    """A class as far as a pack judges its shape."""

    id: str
    kind: str
    arrangement: str
    special_topic: str | None
    starts_on: date
    ends_on: date


def judge_classes(pack: PolicyPack, held: Iterable[HeldClass]) -> Iterator[Misfit]:
    """Find classes whose kind, arrangement, topic or length the pack would refuse (C08, C15, C16)."""
    for one in held:
        try:
            kind = pack.class_kind(one.kind)
        except ConceptAbsent:
            yield "class_kind_absent", one.id
            continue
        try:
            pack.arrangement(one.kind, one.arrangement)
        except ConceptAbsent:
            yield "arrangement_absent", one.id
        topics = {topic.code for topic in pack.special_topics}
        if kind.takes_topic != (one.special_topic is not None) or not {one.special_topic} - {None} <= topics:
            yield "topic_misfits", one.id
        yield from _judge_length(kind, one)


def _judge_length(kind: ClassKind, held: HeldClass) -> Iterator[Misfit]:
    latest = kind.latest_end(held.starts_on)
    if latest is not None and held.ends_on > latest:
        yield "class_too_long", held.id
    if kind.blocks is not None and not kind.blocks.fit_between(held.starts_on, held.ends_on):
        yield "blocks_misfit", held.id


def judge_designations(pack: PolicyPack, held: Iterable[tuple[str, Collection[str]]]) -> Iterator[Misfit]:
    """Find designations for kinds that the pack designates nobody for (C13)."""
    designating = {kind.code for kind in pack.class_kinds if kind.designation}
    for designation_id, kinds in held:
        if set(kinds) - designating:
            yield "designation_unasked", designation_id


def judge_forms(form: LiaisonForm | None, held: Iterable[tuple[str, Collection[str]]]) -> Iterator[Misfit]:
    """Find forms without an answer that is required (C46); `held` names the fields that are answered."""
    required = {field.code for field in form.fields if field.required} if form else set[str]()
    for form_id, answered in held:
        if form is None:
            yield "form_unasked", form_id
        elif required - set(answered):
            yield "form_field_missing", form_id


def judge_acts(old: PolicyPack | None, pack: PolicyPack) -> Iterator[Misfit]:
    """Find acts that pass from one holder to another."""
    for act in ACTS if old is not None else ():
        if old is not None and set(old.holders(act)) != set(pack.holders(act)):
            yield "act_holder_changed", act


def judge_holders(
    pack: PolicyPack, kinds: Collection[str], offices: Collection[str], ids: Collection[str]
) -> Iterator[Misfit]:
    """Find acts that nobody could do today, as no holder of them is registered."""
    for act in ACTS:
        holders = pack.holders(act)
        if holders and not any(
            one.kind in kinds or one.office in offices or one.organisation in ids for one in holders
        ):
            yield "holder_unregistered", act


def judge_deadlines(pack: PolicyPack, now: datetime) -> Iterator[Misfit]:
    """Find deadlines after which nothing can be in time any more (Q1)."""
    yield from (("deadline_passed", line.code) for line in pack.deadlines if line.closes_at <= now)
