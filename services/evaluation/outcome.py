"""Who is suspended: the pack's rules applied to the totals of a round, every result explained (C39, Q3-Q5).

`conclude` is a function of values: the same totals and rules give the same verdicts, in whatever order. An
institution falls by any rule. `below` names who lies strictly under a line; `bottom_n` the n lowest.

* A tie across the cut: `all` of the tied fall, `none` does, or they are undecided until a person decides;
  those strictly below the cut fall in any case.
* Fewer ranked than `few.fewer_than`: that treatment takes the place of the whole rule, for everybody whom
  the rule would have reached.
* Unscored: left out of ranks and rules, or counted below every score (also below every line).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.evaluation.domain import Ground
from services.evaluation.sheets import to_text
from shared.events.policy import Suspension
from shared.events.policy.rules import SuspensionRule, UnscoredTreatment

_UNDER_ALL = -1
"""What an unscored institution counts as where the pack lets it count as the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence of an explanation, with its numbers, the rule it applies, and what that rests on."""

    code: str
    zh: str
    en: str
    rule: str | None = None
    clause: tuple[str, ...] = ()
    decision: tuple[str, ...] = ()
    total: str | None = None
    line: str | None = None
    rank: int | None = None
    ranked: int | None = None
    n: int | None = None
    tied: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one institution; `clause` cites the rule by which it falls or may fall."""

    total: int | None
    rank: int | None
    ground: Ground | None = None
    undecided: bool = False
    clause: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    def falls(self, rule: SuspensionRule, reason: Reason) -> "Verdict":
        """Add a rule by which it falls; the first one is its ground."""
        told = replace(self, undecided=False, reasons=(*self.reasons, reason))
        return told if self.ground else replace(told, ground=rule.rule, clause=rule.clause)

    def waits(self, rule: SuspensionRule, reason: Reason) -> "Verdict":
        """Add a rule that leaves it to a decision, unless it falls anyway."""
        told = replace(self, reasons=(*self.reasons, reason))
        return told if self.ground else replace(told, undecided=True, clause=rule.clause)

    def stands(self, reason: Reason) -> "Verdict":
        return replace(self, reasons=(*self.reasons, reason))


def conclude(totals: Mapping[str, int | None], suspension: Suspension | None) -> dict[str, Verdict]:
    """Rank the institutions and apply every rule; no suspension in the pack: nobody falls."""
    unscored = None if suspension is None else suspension.unscored
    counted = _counted(totals, unscored)
    ranks = rank(counted)
    verdicts = {
        one: Verdict(total, ranks.get(one), reasons=(_standing(total, ranks.get(one), len(ranks), unscored),))
        for one, total in totals.items()
    }
    for rule in () if suspension is None else suspension.rules:
        if suspension is not None and rule.rule == "bottom_n":
            verdicts |= _bottom(verdicts, counted, rule, suspension)
        else:
            verdicts |= _below(verdicts, counted, rule)
    return verdicts


def rank(counted: Mapping[str, int]) -> dict[str, int]:
    """Rank from the best, 1; equal totals share a rank and the next ones follow after all of them (1224)."""
    return {one: 1 + sum(other > value for other in counted.values()) for one, value in counted.items()}


def _counted(totals: Mapping[str, int | None], unscored: UnscoredTreatment | None) -> dict[str, int]:
    lowest = unscored is not None and unscored.treatment == "lowest"
    return {
        one: _UNDER_ALL if total is None else total
        for one, total in totals.items()
        if lowest or total is not None
    }


def _below(
    verdicts: Mapping[str, Verdict], counted: Mapping[str, int], rule: SuspensionRule
) -> dict[str, Verdict]:
    """Apply a line: strictly below it falls, on it passes."""
    line = rule.line_hundredths or 0
    return {
        one: verdicts[one].falls(rule, _line(verdicts[one], rule, line, fell=True))
        if value < line
        else verdicts[one].stands(_line(verdicts[one], rule, line, fell=False))
        for one, value in counted.items()
    }


def _bottom(
    verdicts: Mapping[str, Verdict], counted: Mapping[str, int], rule: SuspensionRule, suspension: Suspension
) -> dict[str, Verdict]:
    """Apply the n lowest: `reached` are all at or under the n-th lowest total."""
    if not counted:
        return {}
    n, ranked = rule.n or 0, len(counted)
    cut = sorted(counted.values())[min(n, ranked) - 1]
    reached = {one for one, value in counted.items() if value <= cut}
    open_to = {one for one, value in counted.items() if value == cut} if len(reached) > n else set[str]()
    case, treatment = "tied", suspension.ties
    if suspension.few is not None and ranked < suspension.few.fewer_than:
        case, treatment, open_to = "few", suspension.few, reached
    told: dict[str, Verdict] = {}
    for one in counted:
        verdict = verdicts[one]
        if one not in reached:
            told[one] = verdict.stands(_place(verdict, rule, "above_lowest", ranked))
        elif one not in open_to:
            told[one] = verdict.falls(rule, _place(verdict, rule, "among_lowest", ranked))
        else:
            reason = _place(verdict, rule, f"{case}_{treatment.treatment}", ranked, len(open_to))
            reason = replace(reason, decision=treatment.decision)
            match treatment.treatment:
                case "all":
                    told[one] = verdict.falls(rule, reason)
                case "decide":
                    told[one] = verdict.waits(rule, reason)
                case "none":
                    told[one] = verdict.stands(reason)
    return told


def _standing(
    total: int | None, place: int | None, ranked: int, unscored: UnscoredTreatment | None
) -> Reason:
    """Say what an institution came to, and in which place."""
    decision = () if unscored is None else unscored.decision
    if total is not None:
        text = to_text(total)
        return Reason(
            code="ranked",
            zh=f"总分 {text}，在 {ranked} 家中排第 {place}。",
            en=f"Total {text}, rank {place} of {ranked}.",
            total=text,
            rank=place,
            ranked=ranked,
        )
    if place is not None:
        return Reason(
            code="unscored_lowest",
            zh=f"没有考核结果，按最低计，在 {ranked} 家中排第 {place}。",
            en=f"Not scored, counted as the lowest: rank {place} of {ranked}.",
            decision=decision,
            rank=place,
            ranked=ranked,
        )
    return Reason(
        code="unscored_left_out",
        zh="没有考核结果，不参加排名。",
        en="Not scored, and not ranked.",
        decision=decision,
    )


def _line(verdict: Verdict, rule: SuspensionRule, line: int, *, fell: bool) -> Reason:
    total, limit = None if verdict.total is None else to_text(verdict.total), to_text(line)
    unscored = ("没有考核结果，视为低于", "Not scored, taken as below")
    zh, en = unscored if total is None else (f"{total} 低于", f"{total} is below")
    if not fell:
        zh, en = f"{total} 不低于", f"{total} is not below"
    return Reason(
        code="below_line" if fell else "on_or_above_line",
        zh=f"{zh} {limit} 分。",
        en=f"{en} {limit}.",
        rule=rule.rule,
        clause=rule.clause,
        decision=rule.decision,
        total=total,
        line=limit,
    )


_PLACES: Mapping[str, tuple[str, str]] = {
    "above_lowest": ("不在末位 {n} 家之列。", "Not among the {n} lowest."),
    "among_lowest": ("在末位 {n} 家之列。", "Among the {n} lowest."),
    "tied_decide": (
        "与末位 {n} 家的界线并列（共 {tied} 家），待决定。",
        "One of {tied} tied across the cut of the {n} lowest: a decision is awaited.",
    ),
    "tied_all": (
        "与末位 {n} 家的界线并列（共 {tied} 家），并列者一并暂停。",
        "One of {tied} tied across the cut of the {n} lowest: all of them fall.",
    ),
    "tied_none": (
        "与末位 {n} 家的界线并列（共 {tied} 家），并列者均不暂停。",
        "One of {tied} tied across the cut of the {n} lowest: none of them falls.",
    ),
    "few_decide": (
        "仅 {ranked} 家参加排名，末位 {n} 家的规则涉及 {tied} 家，待决定。",
        "Only {ranked} are ranked; whom of the {tied} lowest the rule suspends is to be decided.",
    ),
    "few_all": (
        "仅 {ranked} 家参加排名，末位 {n} 家的规则涉及的 {tied} 家一并暂停。",
        "Only {ranked} are ranked; all {tied} that the rule of the {n} lowest reaches fall.",
    ),
    "few_none": (
        "仅 {ranked} 家参加排名，末位 {n} 家的规则不适用。",
        "Only {ranked} are ranked; the rule of the {n} lowest suspends nobody.",
    ),
}


def _place(verdict: Verdict, rule: SuspensionRule, code: str, ranked: int, tied: int | None = None) -> Reason:
    zh, en = (words.format(n=rule.n, ranked=ranked, tied=tied) for words in _PLACES[code])
    return Reason(
        code=code,
        zh=zh,
        en=en,
        rule=rule.rule,
        clause=rule.clause,
        decision=rule.decision,
        rank=verdict.rank,
        ranked=ranked,
        n=rule.n,
        tied=tied,
    )


def decided(*, suspended: bool, why: str, clause: tuple[str, ...]) -> Reason:
    """Say what a person has decided about one who was undecided."""
    words = (
        ("经决定暂停：", "Suspended by decision: ")
        if suspended
        else ("经决定不暂停：", "Not suspended by decision: ")
    )
    return Reason(
        code="decided_suspended" if suspended else "decided_spared",
        zh=words[0] + why,
        en=words[1] + why,
        rule="decision",
        clause=clause,
    )
