"""What may be entered for a class, and what an expense goes over: the plan, and the caps of the pack.

Amounts are integer fen. The kinds of cost are those of the state's rule for training fees, and those for
which the pack sets a cap. Over the plan an expense needs a justification; over a cap as well, or it is
refused: the pack says which (C33).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import prod
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from shared.events.policy import ConceptAbsent, PolicyPack
from shared.events.policy.rules import FeeCap, Funds

Excess = Literal["cap", "plan", "unplanned"]
Quantity = Literal["persons", "days", "class_hours"]

LINES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "central": ("中央财政资金", "Central funding"),
        "local_support": ("地方财政资金支持", "Local fiscal support"),
        "tuition": ("学员缴费", "Fees of trainees"),
        "other": ("其他资金", "Other funding"),
    }
)
COSTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "teaching": ("师资费", "Teaching"),
        "lodging": ("住宿费", "Lodging"),
        "meals": ("伙食费", "Meals"),
        "venue": ("场地费", "Venue"),
        "materials": ("资料费", "Materials"),
        "transport": ("交通费", "Transport"),
        "other": ("其他费用", "Other costs"),
    }
)
"""The kinds of cost that every cycle knows, by their Chinese and English names."""

_MEASURED_BY: Mapping[str, tuple[Quantity, ...]] = MappingProxyType(
    {"person_day": ("persons", "days"), "person": ("persons",), "class_hour": ("class_hours",), "class": ()}
)


@dataclass(eq=False)
class FundEntryUnknown(Exception):
    entry_id: str


@dataclass(eq=False)
class FundEntryReversed(Exception):
    """An entry is reversed once."""

    entry_id: str


@dataclass(eq=False)
class ReversalStands(Exception):
    """What reverses an entry is not reversed itself; the entry is posted anew."""

    entry_id: str


@dataclass(eq=False)
class EntryDatedAhead(Exception):
    """Money is entered when it has moved."""

    dated_on: date
    today: date


@dataclass(eq=False)
class FundSourceMissing(Exception):
    """Of local support is said who gave it (C30)."""

    line: str


@dataclass(eq=False)
class BudgetHeadUnknown(Exception):
    """The plan of the class has no such head."""

    head: str


@dataclass(eq=False)
class QuantityMissing(Exception):
    """The cap of this kind of cost is measured by a quantity that the expense does not tell."""

    category: str
    quantity: str


@dataclass(eq=False)
class CapExceeded(Exception):
    """The pack refuses more than its cap."""

    category: str
    amount_fen: int
    limit_fen: int


@dataclass(eq=False)
class JustificationMissing(Exception):
    """The expense goes over a cap or the plan, and does not say why."""

    exceeded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """By how many persons, days and class hours an expense came about, as far as it tells."""

    persons: int | None = None
    days: int | None = None
    class_hours: int | None = None

    def units(self, cap: FeeCap) -> int | None:
        """Answer how many times the cap counts; None where the expense does not tell."""
        given: list[int | None] = [getattr(self, quantity) for quantity in measured_by(cap)]
        return None if None in given else prod(one for one in given if one is not None)

    def require_units(self, cap: FeeCap) -> int:
        """Answer the same, and refuse an expense that does not tell."""
        for quantity in measured_by(cap):
            if getattr(self, quantity) is None:
                raise QuantityMissing(cap.code, quantity)
        return self.units(cap) or 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What a kind of cost came to in a class so far, and by how many units of a cap."""

    fen: int
    units: int


@dataclass(frozen=True, slots=True)
class Expended:
    """An expense before it is entered, and what was spent before it of all that a cap limits."""

    category: str
    amount_fen: int
    measure: Measure
    before: Mapping[str, Spent]

    def together(self) -> int:
        return self.amount_fen + sum(one.fen for one in self.before.values())

    def most_units(self, cap: FeeCap) -> int:
        """Answer the units of the kind that tells most of them: the persons and days of the class."""
        units = {kind: one.units for kind, one in self.before.items()}
        told = self.measure.units(cap)
        units[self.category] = units.get(self.category, 0) + (told or 0)
        most = max(units.values())
        return most if most > 0 else self.measure.require_units(cap)


def measured_by(cap: FeeCap) -> tuple[Quantity, ...]:
    """Name the quantities by which a cap is measured."""
    return _MEASURED_BY[cap.per]


def ledger_rules(pack: PolicyPack) -> Funds:
    """Get the rules for funds of a cycle that keeps ledgers."""
    if pack.funds is None or not pack.funds.ledger.kept:
        raise ConceptAbsent("fund_ledger", pack.cycle_id)
    return pack.funds


def check_line(funds: Funds, line: str, source: str | None, cycle_id: str) -> None:
    """Hold a funding line to the cycle: local support and fees come in only where it has them (C30)."""
    if line == "local_support":
        if funds.local_support.level == "none":
            raise ConceptAbsent("local_support", cycle_id)
        if source is None:
            raise FundSourceMissing(line)
    if line == "tuition" and (funds.fees is None or funds.fees.charged == "free"):
        raise ConceptAbsent("fees", cycle_id)


def check_dated(dated_on: date, now: datetime, zone: str) -> None:
    """Hold the day of an entry to one that has begun where the cycle is."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if dated_on > today:
        raise EntryDatedAhead(dated_on, today)


def caps_on(funds: Funds, category: str) -> list[FeeCap]:
    """List the caps on a kind of cost; refused where the cycle knows no such kind."""
    caps = [cap for cap in funds.caps if category in cap.kinds]
    if not caps and category not in COSTS:
        raise ConceptAbsent("cost", category)
    return caps


def over_cap(cap: FeeCap, expense: Expended) -> bool:
    """Tell whether an expense goes over a cap; refused where the pack refuses it.

    A cap on one kind limits the expense by its own quantities; one per class, or on several kinds together,
    all that the class has spent so.
    """
    if cap.per == "class":
        counted, limit_fen = expense.together(), cap.max_fen
    elif cap.covers:
        counted, limit_fen = expense.together(), cap.max_fen * expense.most_units(cap)
    else:
        counted, limit_fen = expense.amount_fen, cap.max_fen * expense.measure.require_units(cap)
    if counted <= limit_fen:
        return False
    if cap.breach == "refusal":
        raise CapExceeded(cap.code, counted, limit_fen)
    return True


def over_plan(
    planned: Mapping[str, int], head: str | None, amount_fen: int, spent_fen: int
) -> Collection[Excess]:
    """Say how an expense leaves the plan: over its head, or under none; a class without heads has no plan."""
    if head is None:
        return ("unplanned",) if planned else ()
    if head not in planned:
        raise BudgetHeadUnknown(head)
    return ("plan",) if spent_fen + amount_fen > planned[head] else ()


def check_justified(exceeded: Collection[Excess], justification: str | None) -> None:
    if exceeded and justification is None:
        raise JustificationMissing(tuple(exceeded))


def check_reversible(entry_id: str, *, reverses: bool, reversed_already: bool) -> None:
    if reverses:
        raise ReversalStands(entry_id)
    if reversed_already:
        raise FundEntryReversed(entry_id)


def yuan(fen: int) -> str:
    """Write an amount in yuan with its two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
