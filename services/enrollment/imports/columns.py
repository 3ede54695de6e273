"""The columns of the template: those that every cycle has, and those that the pack of the class asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

from services.enrollment.identifiers import DocumentKind
from shared.events.policy import PolicyPack
from shared.events.registry import OrganisationState

VERSION = "1"
"""Raised when a template of before cannot be read any more."""

Kind = Literal["text", "id", "count", "money", "date", "choice", "flag"]

_DOCUMENTS: Mapping[DocumentKind, str] = dict(
    zip(
        get_args(DocumentKind),
        (
            "居民身份证",
            "港澳台居民居住证",
            "港澳居民来往内地通行证",
            "台湾居民来往大陆通行证",
            "外国人永久居留身份证",
            "护照",
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a cell may say: the code that it stands for, and its word."""

    code: str
    word: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: `pointer` is where its value stands in the nomination, for what screening finds there."""

    key: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    width: int = 16
    choices: tuple[Choice, ...] = ()
    pointer: str | None = None
    shortest: int = field(default=0)
    """Of a number that is no quantity: fewer digits than this have lost their zeros."""

    @property
    def heading(self) -> str:
        return f"{self.zh}*" if self.required else self.zh

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """The code of each word, also of the code itself."""
        return {one.code: one.code for one in self.choices} | {one.word: one.code for one in self.choices}


def columns_of(pack: PolicyPack, departments: Iterable[OrganisationState]) -> tuple[Column, ...]:
    """List the columns of a class whose cycle has this pack."""
    return (*_enterprise(pack, departments), *_person(), *_nomination(pack))


def _enterprise(pack: PolicyPack, departments: Iterable[OrganisationState]) -> Iterable[Column]:
    homes = sorted((one.code or one.id, one) for one in departments)
    yield Column(key="enterprise_name", zh="企业名称", en="Enterprise", required=True, width=28)
    yield Column(
        key="uscc",
        zh="统一社会信用代码",
        en="Unified social credit code",
        kind="id",
        required=True,
        width=22,
        pointer="/enterprise_uscc",
    )
    yield Column(
        key="department",
        zh="所属主管部门",
        en="Home department",
        kind="choice",
        choices=tuple(Choice(one.id, one.name_zh) for _, one in homes),
    )
    yield Column(key="industry_code", zh="行业代码", en="Industry (GB/T 4754)", kind="id", width=12)
    yield Column(key="employees", zh="从业人员（人）", en="Employees", kind="count", width=12)
    yield Column(key="revenue_wan", zh="营业收入（万元）", en="Revenue (10,000 CNY)", kind="money")
    yield Column(key="assets_wan", zh="资产总额（万元）", en="Assets (10,000 CNY)", kind="money")
    if pack.tiers:
        tiers = tuple(Choice(one.code, one.zh) for one in pack.tiers)
        yield Column(key="tier", zh="优质企业称号", en="Title", kind="choice", choices=tiers)
        yield Column(key="tier_number", zh="称号证书编号", en="Title number", kind="id")
        yield Column(key="tier_recognised_on", zh="称号认定日期", en="Title recognised on", kind="date")
        yield Column(key="tier_expires_on", zh="称号到期日期", en="Title expires on", kind="date")
        yield Column(key="tier_edition", zh="称号认定依据", en="Edition of the rule", width=24)


def _person() -> Iterable[Column]:
    yield Column(key="name", zh="姓名", en="Name", required=True, width=12, pointer="/person/name")
    yield Column(
        key="document_kind",
        zh="证件类型",
        en="Kind of document",
        kind="choice",
        choices=tuple(Choice(kind, word) for kind, word in _DOCUMENTS.items()),
        pointer="/person/document/kind",
    )
    yield Column(
        key="document_number",
        zh="证件号码",
        en="Document number",
        kind="id",
        required=True,
        width=22,
        pointer="/person/document/number",
        shortest=8,
    )
    yield Column(
        key="document_issuer",
        zh="护照签发国（三字母）",
        en="Issuing state of a passport",
        kind="id",
        width=12,
        pointer="/person/document/issuer",
    )
    yield Column(key="phone", zh="联系电话", en="Phone", kind="id", pointer="/person/phone")
    yield Column(key="post", zh="职务", en="Post", required=True, pointer="/person/post")


def _nomination(pack: PolicyPack) -> Iterable[Column]:
    yield Column(
        key="target_group",
        zh="培训对象类别",
        en="Target group",
        kind="choice",
        required=True,
        choices=tuple(Choice(one.code, one.zh) for one in pack.target_groups),
        width=28,
        pointer="/target_group",
    )
    evidence = {word.code: word for group in pack.target_groups for word in group.evidence}
    for code, word in evidence.items():
        yield Column(
            key=f"evidence.{code}",
            zh=f"佐证：{word.zh}",
            en=f"Evidence: {word.en}",
            width=24,
            pointer=f"/evidence/{code}",
        )
    for one in pack.declarations:
        yield Column(
            key=f"declaration.{one.code}",
            zh=f"声明：{one.zh}",
            en=f"Declaration: {one.en}",
            kind="flag",
            choices=(Choice("yes", "是"), Choice("no", "否")),
            pointer="/declarations",
        )
    yield Column(
        key="second_enrolment_reason",
        zh="再次参训理由",
        en="Reason for a second enrolment",
        width=24,
        pointer="/second_enrolment_reason",
    )
