"""What the public catalogue shows: no person, no score, no budget; names beside every id and code."""

from datetime import date, datetime
from typing import Self

from services.registry.bases.domain import BaseStatus
from services.registry.catalogue.domain import Rule, Rules
from services.registry.cycles.diffing import CitationView
from services.registry.cycles.domain import CycleStatus
from services.registry.designations.domain import DesignationStatus
from shared.events.policy import PolicyPack
from shared.events.registry import ClassStatus
from shared.schemas import View


class NameView(View):
    zh: str
    en: str


class CodeView(NameView):
    code: str


class BodyView(View):
    """An organisation by its names."""

    id: str
    name_zh: str
    name_en: str


class RuleView(View):
    """A rule: what it is called, what it says, and the clause or the decision behind it."""

    code: str
    name: NameView
    says: NameView
    citation: CitationView
    closes_at: datetime | None = None

    @classmethod
    def of(cls, rule: Rule) -> Self:
        return cls.model_validate(rule)


class RulesView(View):
    principles: list[RuleView]
    floors: list[RuleView]
    deadlines: list[RuleView]
    class_kinds: list[RuleView]
    acts: list[RuleView]
    suspension: list[RuleView]
    platforms: list[RuleView]
    contacts: list[RuleView]


class NoticeView(View):
    number: str
    title: str
    signed_on: date
    published_on: date | None


class LegalBasisView(View):
    title: str
    issuer: str | None
    link: str | None


class CatalogueCycleView(View):
    """A cycle that is or was in force with its rules, under the brand of its pack (C44)."""

    cycle_id: str
    label: str
    follows: str | None
    revision: int
    status: CycleStatus
    activated_at: datetime | None
    closed_at: datetime | None
    notice: NoticeView
    programme: NameView
    parent: NameView | None
    brand: NameView | None
    goal: NameView | None
    legal_basis: list[LegalBasisView]
    rules: RulesView

    @classmethod
    def of(
        cls,
        pack: PolicyPack,
        rules: Rules,
        *,
        status: CycleStatus,
        revision: int,
        activated_at: datetime | None,
        closed_at: datetime | None,
    ) -> Self:
        return cls(
            cycle_id=pack.cycle_id,
            label=pack.label,
            follows=pack.follows,
            revision=revision,
            status=status,
            activated_at=activated_at,
            closed_at=closed_at,
            notice=NoticeView.model_validate(pack.notice),
            programme=NameView.model_validate(pack.programme),
            parent=pack.programme.parent and NameView.model_validate(pack.programme.parent),
            brand=pack.certificate and NameView.model_validate(pack.certificate.brand),
            goal=pack.goal and NameView.model_validate(pack.goal),
            legal_basis=[LegalBasisView.model_validate(one) for one in pack.legal_basis],
            rules=RulesView.model_validate(rules),
        )


class CatalogueInstitutionView(View):
    """An institution that is designated in a cycle, or suspended in it, with its member bodies (C13, C14)."""

    id: str
    cycle_id: str
    institution: BodyView
    members: list[BodyView]
    class_kinds: list[CodeView]
    status: DesignationStatus


class CatalogueBaseView(View):
    """A teaching base, with the first day on which an ended one is none any more (C27)."""

    id: str
    cycle_id: str
    uscc: str
    name_zh: str
    name_en: str | None
    department: BodyView
    special_topics: list[CodeView]
    valid_from: date
    valid_until: date
    status: BaseStatus
    ended_on: date | None


class CatalogueClassView(View):
    """A class that is approved, running or finished."""

    id: str
    cycle_id: str
    kind: CodeView
    special_topic: CodeView | None
    title_zh: str
    title_en: str | None
    status: ClassStatus
    lead: BodyView
    institutions: list[BodyView]
    place: BodyView
    starts_on: date
    ends_on: date
    capacity: int
