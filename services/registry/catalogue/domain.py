"""What a pack says to the public: each rule as a phrase in both languages, with the clause it comes from.

The phrases are those of the diffs, so a rule reads the same wherever it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.events.policy import Cited, Deadline, Part, PolicyPack, Term
from shared.events.policy.phrases import Phrases
from shared.events.policy.words import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a cycle: what it is called, what it says, and where it comes from.

    `closes_at` of a deadline is the first instant that is too late (Q1).
    """

    code: str
    name: Words
    says: Words
    citation: Cited
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that the public asks for; a group that the cycle does not have is empty."""

    principles: Sequence[Rule]
    floors: Sequence[Rule]
    deadlines: Sequence[Rule]
    class_kinds: Sequence[Rule]
    acts: Sequence[Rule]
    suspension: Sequence[Rule]
    platforms: Sequence[Rule]
    contacts: Sequence[Rule]


def rules_of(pack: PolicyPack) -> Rules:
    """Tell the rules of a cycle (C06-C08, C15, C19, C24, C31, C36, C39, C45)."""
    speak = Phrases(pack)

    def facts(term: Term) -> Rule:
        told = speak.facts(term)
        return Rule(term.code, _name(term), told if told.zh else _name(term), term)

    return Rules(
        principles=[facts(one) for one in pack.principles],
        floors=[Rule(one.code, _name(one), speak.entry(one), one) for one in pack.floors],
        deadlines=[_deadline(speak, one) for one in pack.deadlines],
        class_kinds=[facts(one) for one in pack.class_kinds],
        acts=[
            Rule(
                one.act,
                speak.value(one, "act", one.act),
                speak.value(one, "holders", one.holders),
                one,
            )
            for one in pack.responsibilities
        ],
        suspension=[
            Rule(one.rule, speak.value(one, "rule", one.rule), speak.entry(one), one)
            for one in (pack.suspension.rules if pack.suspension else ())
        ],
        platforms=[facts(one) for one in pack.platforms],
        contacts=[facts(one) for one in pack.contacts],
    )


def named(entries: Sequence[Term], code: str) -> Words:
    """Name a code by the words of the pack; a code that a correction dropped stands for itself."""
    return next((_name(entry) for entry in entries if entry.code == code), Words(code, code))


def _name(term: Part) -> Words:
    return Words(getattr(term, "zh", ""), getattr(term, "en", ""))


def _deadline(speak: Phrases, line: Deadline) -> Rule:
    day = speak.value(line, "until", line.until)
    if line.hour is None:
        says = Words(f"{day.zh}前（含当日）", f"until {day.en}, that day included")
    else:
        hour = speak.value(line, "hour", line.hour)
        says = Words(f"{day.zh}{hour.zh}前", f"before {hour.en} on {day.en}")
    return Rule(line.code, _name(line), says, line, line.closes_at.astimezone(UTC))
