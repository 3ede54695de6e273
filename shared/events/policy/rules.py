"""Rules of a cycle: floors, deadlines, screening, suspension, completion, certificate, funds.

Numbers are exact: shares, lines and amounts are decimals written as text, never floats.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.events.policy.citation import Cited, Code, Hundredths, Part, Share, Term, Text

Severity = Literal["error", "warning", "off"]

Attribute = Literal[
    "industry_section",
    "industry_division",
    "size_class",
    "tier",
    "target_group",
    "department",
    "channel",
    "class_kind",
    "arrangement",
    "special_topic",
]
"""What is recorded of every approved row, and may be counted."""

Check = Literal[
    "credit_code_valid",
    "identity_document_valid",
    "size_class_fits",
    "evidence_given",
    "declarations_given",
    "home_department",
    "tier_in_force",
    "second_enrolment_reasoned",
    "attribute_in",
    "attribute_not_in",
    "post_in",
]
"""The checks that screening knows. The last three take parameters, the others none."""

CHECK_PARAMS: dict[str, frozenset[str]] = {
    "attribute_in": frozenset({"attribute", "in"}),
    "attribute_not_in": frozenset({"attribute", "in"}),
    "post_in": frozenset({"in"}),
}

Zone = Literal["Asia/Shanghai", "Asia/Urumqi", "UTC"]


class Floor(Term):
    """A minimum that is never a cap: of persons, or of the share that have one of some values."""

    attribute: Attribute | None = None
    values: tuple[Text, ...] = Field(default=(), alias="in")
    min_persons: int | None = Field(default=None, ge=1)
    min_share: Share | None = None
    denominator: Literal["approved_persons"] | None = None


class Deadline(Term):
    """The last day, inclusive, on which something is in time; `hour` closes it earlier that day."""

    until: date
    zone: Zone
    hour: time | None = None

    @property
    def closes_at(self) -> datetime:
        """The first instant that is too late (Q1)."""
        zone = ZoneInfo(self.zone)
        if self.hour is not None:
            return datetime.combine(self.until, self.hour, zone)
        return datetime.combine(self.until + timedelta(days=1), time(), zone)


class CheckParams(Part):
    """What a check compares: a recorded attribute, or the words of a post, with a list."""

    attribute: Attribute | None = None
    values: tuple[Text, ...] = Field(default=(), alias="in")

    def given(self) -> frozenset[str]:
        """Name the parameters that are there."""
        return frozenset(
            name for name, value in (("attribute", self.attribute), ("in", self.values)) if value
        )


class EligibilityCheck(Term):
    """A check of screening under its finding code; `off` keeps it written down and silent."""

    check: Check
    severity: Severity
    params: CheckParams | None = None
    target_group: Code | None = None


class Declaration(Term):
    """What a nomination declares; a required one is missed by the check `declarations_given`."""

    required: bool
    target_group: Code | None = None


class DesignationRule(Cited):
    """What a designation rests on; `open_list`: institutions may be added after the notice."""

    assessment_reference: bool
    selection_reference: bool
    open_list: bool


class TrainingPlanRule(Cited):
    """The kinds of organisation that consent to a training plan with the holder of the act."""

    consenting_kinds: tuple[Code, ...]


class EvaluationRule(Cited):
    """How institutions are scored: by whom, up to what, with how many decimals (Q6)."""

    third_party: bool
    top_score: int = Field(ge=1, le=1000)
    decimals: int = Field(ge=0, le=2)


class SuspensionRule(Cited):
    """`below` suspends scores strictly under `line`; `bottom_n` the `n` lowest ranks."""

    rule: Literal["below", "bottom_n"]
    line: Hundredths | None = None
    n: int | None = Field(default=None, ge=1)

    @property
    def line_hundredths(self) -> int | None:
        return None if self.line is None else int(self.line * 100)


class Treatment(Cited):
    """What happens to those a rule does not settle: a person decides, all fall, or none does."""

    treatment: Literal["decide", "all", "none"]


class FewTreatment(Treatment):
    """The treatment when fewer institutions than `fewer_than` are ranked."""

    fewer_than: int = Field(ge=1)


class UnscoredTreatment(Cited):
    """An institution without a score blocks the closing, is left out, or counts as the lowest."""

    treatment: Literal["block", "leave_out", "lowest"]


class Suspension(Cited):
    """Which institutions are barred from the cycle that follows; an institution falls by any rule."""

    rules: tuple[SuspensionRule, ...]
    ties: Treatment
    unscored: UnscoredTreatment
    few: FewTreatment | None = None


class Completion(Cited):
    """The least a filed plan may ask of a trainee; the criteria themselves are the plan's (Q10).

    Online time, the final report and the score of examined courses are asked of every trainee of the cycle.
    """

    plan_required: bool
    min_attendance_percent: int = Field(default=0, ge=0, le=100)
    min_minutes: int = Field(default=0, ge=0)
    min_online_minutes: int = Field(default=0, ge=0)
    report_required: bool = False
    min_score: Annotated[Hundredths, Field(le=100)] | None = None


class Wording(Cited):
    zh: Text
    en: Text


class NumberPattern(Cited):
    """The certificate number: `{cohort}`, `{serial:06}`, `{check}` and plain letters, digits, hyphens."""

    pattern: Text


class CertificateRule(Cited):
    title: Wording
    issuer: Wording
    brand: Wording
    number: NumberPattern

    def render_number(self, serial: int, *, cohort: str, check: Callable[[str], str]) -> str:
        """Write the number of a serial; `check` computes the check character of all before it."""
        body = self.number.pattern.partition("{check}")[0].format(cohort=cohort, serial=serial)
        return body + check(body) if "{check}" in self.number.pattern else body


class FormField(Term):
    """A field of the liaison form; `personal` ones are stored encrypted and shown to few."""

    required: bool
    personal: bool
    kind: Literal["text", "phone", "email"]


class LiaisonForm(Cited):
    title: Wording
    fields: tuple[FormField, ...]


class Switch(Cited):
    kept: bool


class LocalSupport(Cited):
    level: Literal["none", "encouraged", "required"]


class Fees(Cited):
    """Whether trainees pay: free, charged, or left to the class."""

    charged: Literal["free", "charged", "open"]


class FeeCap(Term):
    """The most that may be spent of a kind of cost; `breach` says whether more is refused.

    It limits the kind that its code names, or all that it `covers` together: what one of them leaves,
    another may take.
    """

    per: Literal["person_day", "person", "class_hour", "class"]
    max_yuan: Hundredths
    breach: Literal["warning", "refusal"]
    covers: tuple[Code, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Name the kinds of cost that it limits."""
        return self.covers or (self.code,)

    @property
    def max_fen(self) -> int:
        return int(self.max_yuan * 100)


class Funds(Cited):
    ledger: Switch
    discipline: Switch
    local_support: LocalSupport
    fees: Fees | None = None
    caps: tuple[FeeCap, ...] = ()


class Addressee(Term):
    """Whom the notice addresses, by kind of organisation."""

    kind: Code


class Contact(Term):
    """Where questions go; an office, never a person."""

    kind: Code
    phone: Text | None = None
    mailbox: Text | None = None
