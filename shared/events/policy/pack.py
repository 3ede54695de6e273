"""The policy pack: what a notice says about one cycle, as data with a citation for every parameter.

Code asks the pack and never the year. A concept that a pack does not have raises `ConceptAbsent`.
Packs are made by `parse_pack` and `load_pack`, which also check what refers to what.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

import rfc8785
from pydantic import Field

from shared.events.policy.citation import Cited, DecisionId, Part, Term, Text
from shared.events.policy.duties import ACTS, Holder, Office, Responsibility
from shared.events.policy.rules import (
    Addressee,
    CertificateRule,
    Completion,
    Contact,
    Deadline,
    Declaration,
    DesignationRule,
    EligibilityCheck,
    EvaluationRule,
    Floor,
    Funds,
    LiaisonForm,
    Suspension,
    TrainingPlanRule,
    Wording,
    Zone,
)
from shared.events.policy.vocabulary import (
    CLASS_START,
    ActivityKind,
    Arrangement,
    Channel,
    ClassKind,
    Facet,
    Platform,
    SessionMode,
    TargetGroup,
    Tier,
)

CYCLE_ID = r"^[a-z0-9-]+\.[0-9A-Za-z-]+$"

_Entry = TypeVar("_Entry", bound=Term)


class ConceptAbsent(Exception):
    """The cycle does not have this concept: `concept` is the vocabulary, `code` what was asked."""

    def __init__(self, concept: str, code: str) -> None:
        super().__init__(f"the cycle has no {concept} {code!r}")
        self.concept = concept
        self.code = code


class Decision(Part):
    """A decision where the notice is silent, and who took it."""

    code: DecisionId
    zh: Text
    en: Text
    by: Text


class Notice(Cited):
    """The notice itself; `sha256` is the hash of its text where the text is at hand."""

    number: Text
    title: Text
    signed_on: date
    published_on: date | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class Programme(Cited):
    """The programme, and the parent programme that retraining and boot camps hang on (C05)."""

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    zh: Text
    en: Text
    parent: Wording | None = None


class Cycle(Cited):
    """The cycle's label, the zone of its dates, and the cycle before it (Q14)."""

    label: str = Field(pattern=r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$", max_length=40)
    zone: Zone
    follows: str | None = Field(default=None, pattern=CYCLE_ID)


class LegalBasis(Cited):
    title: Text
    issuer: Text | None = None
    link: Text | None = None


class PolicyPack(Part):
    """One cycle. Lists keep the order of the notice; an empty list or null: the cycle has none."""

    format: Literal["lingjun.policy-pack.v1"]
    notice: Notice
    programme: Programme
    cycle: Cycle
    decisions: tuple[Decision, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    addressees: tuple[Addressee, ...] = ()
    principles: tuple[Term, ...] = ()
    goal: Wording | None = None
    platforms: tuple[Platform, ...] = ()
    contacts: tuple[Contact, ...] = ()

    organisation_kinds: tuple[Term, ...] = ()
    class_kinds: tuple[ClassKind, ...] = ()
    special_topics: tuple[Term, ...] = ()
    arrangements: tuple[Term, ...] = ()
    arrangement_rules: tuple[Arrangement, ...] = ()
    course_directions: tuple[Term, ...] = ()
    curriculum_tags: tuple[Term, ...] = ()
    activity_kinds: tuple[ActivityKind, ...] = ()
    tiers: tuple[Tier, ...] = ()
    target_groups: tuple[TargetGroup, ...] = ()
    channels: tuple[Channel, ...] = ()
    facets: tuple[Facet, ...] = ()
    session_modes: tuple[SessionMode, ...] = ()

    offices: tuple[Office, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()

    floors: tuple[Floor, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    eligibility: tuple[EligibilityCheck, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    designation: DesignationRule | None = None
    training_plan: TrainingPlanRule | None = None
    evaluation: EvaluationRule | None = None
    suspension: Suspension | None = None
    completion: Completion | None = None
    certificate: CertificateRule | None = None
    liaison_form: LiaisonForm | None = None
    funds: Funds | None = None

    @property
    def cycle_id(self) -> str:
        return f"{self.programme.code}.{self.cycle.label}"

    @property
    def label(self) -> str:
        return self.cycle.label

    @property
    def follows(self) -> str | None:
        return self.cycle.follows

    def holders(self, act: str) -> tuple[Holder, ...]:
        """List who holds an act; nobody is a valid answer."""
        if act not in ACTS:
            raise ConceptAbsent("act", act)
        return tuple(h for duty in self.responsibilities if duty.act == act for h in duty.holders)

    def may(
        self,
        act: str,
        *,
        kind: str | None,
        offices: Iterable[str] = (),
        organisation_id: str | None = None,
    ) -> bool:
        """Tell whether the act is held by this organisation, by its kind or by an office that it hosts."""
        held = frozenset(offices)
        return any(
            (holder.kind is not None and holder.kind == kind)
            or holder.office in held
            or (holder.organisation is not None and holder.organisation == organisation_id)
            for holder in self.holders(act)
        )

    def class_kind(self, code: str) -> ClassKind:
        return _entry("class_kind", self.class_kinds, code)

    def special_topic(self, code: str) -> Term:
        return _entry("special_topic", self.special_topics, code)

    def target_group(self, code: str) -> TargetGroup:
        return _entry("target_group", self.target_groups, code)

    def activity_kind(self, code: str) -> ActivityKind:
        return _entry("activity_kind", self.activity_kinds, code)

    def tier(self, code: str) -> Tier:
        return _entry("tier", self.tiers, code)

    def course_direction(self, code: str) -> Term:
        return _entry("course_direction", self.course_directions, code)

    def curriculum_tag(self, code: str) -> Term:
        return _entry("curriculum_tag", self.curriculum_tags, code)

    def facet(self, code: str) -> Facet:
        return _entry("facet", self.facets, code)

    def session_mode(self, code: str) -> SessionMode:
        return _entry("session_mode", self.session_modes, code)

    def channel(self, code: str) -> Channel:
        return _entry("channel", self.channels, code)

    def arrangement(self, kind: str, arrangement: str) -> Arrangement:
        """Get the rule for classes of a kind under an arrangement; absent unless the pack has both."""
        self.class_kind(kind)
        for rule in self.arrangement_rules:
            if (rule.kind, rule.arrangement) == (kind, arrangement):
                return rule
        raise ConceptAbsent("arrangement", f"{kind}/{arrangement}")

    def deadline(self, code: str) -> datetime | None:
        """Name the first instant that is too late; None when the cycle has no such deadline."""
        return next((line.closes_at for line in self.deadlines if line.code == code), None)

    def selection_deadline(self, kind: str, starts_on: date) -> datetime | None:
        """Name the first instant at which a roster of a class of this kind is too late (C36, Q15)."""
        closes = self.class_kind(kind).selection_closes
        if closes == CLASS_START:
            return datetime.combine(starts_on, time(), ZoneInfo(self.cycle.zone))
        return None if closes is None else self.deadline(closes)

    def certificate_number(self, serial: int, check: Callable[[str], str]) -> str:
        """Write the number of a serial of this cycle; `check` computes the check character."""
        if self.certificate is None:
            raise ConceptAbsent("certificate", self.cycle_id)
        return self.certificate.render_number(serial, cohort=self.label, check=check)

    def document(self) -> dict[str, Any]:
        """Write the pack as JSON-able data that `parse_pack` reads back to an equal pack."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def sha256(self) -> str:
        """The hash of the canonical document (RFC 8785): the same pack has the same hash everywhere."""
        return sha256(rfc8785.dumps(self.document())).hexdigest()


def _entry(concept: str, entries: tuple[_Entry, ...], code: str) -> _Entry:
    for entry in entries:
        if entry.code == code:
            return entry
    raise ConceptAbsent(concept, code)
