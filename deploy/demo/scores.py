"""Invented scores for an evaluation: whole sheets whose weighted totals come out as the story needs them.

No score says anything about the institution whose name stands beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.events.policy import PolicyPack

_BEST, _STEP = Decimal("94.00"), Decimal("0.40")
_LAST = (Decimal("79.60"), Decimal("79.20"), Decimal("76.40"))
"""Without a line the last three lie close together: rank decides, and the score alone does not (C39)."""
_AROUND_LINE = (Decimal("0.00"), Decimal("-0.01"), Decimal("-1.50"), Decimal("-2.75"))
"""With a line one institution reaches it exactly and passes; three lie below it."""
_VARIATION = Decimal("1.25")


def totals(pack: PolicyPack, count: int) -> list[Decimal]:
    """Give `count` different totals, the best first, fit to the rules by which institutions fall."""
    rules = pack.suspension.rules if pack.suspension else ()
    line = next((rule.line for rule in rules if rule.line is not None), None)
    top = Decimal(pack.evaluation.top_score if pack.evaluation else 100)
    low = [line + away for away in _AROUND_LINE] if line is not None else [top * one / 100 for one in _LAST]
    ordinary = max(count - len(low), 0)
    high = [top * (_BEST - _STEP * place) / 100 for place in range(ordinary)]
    return [*high, *low[len(low) - (count - ordinary) :]]


def sheet(indicators: Sequence[Mapping[str, Any]], total: Decimal) -> list[dict[str, str]]:
    """Score every indicator around `total`: what one gains, another of its weight loses."""
    variations = dict(_variations(indicators))
    return [
        {
            "indicator": one["code"],
            "score": f"{total + variations.get(one['code'], Decimal(0)):.2f}",
            "evidence": f"演练材料 {one['code']}",
        }
        for one in indicators
    ]


def _variations(indicators: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Decimal]]:
    """Pair indicators of the same weight."""
    alone: dict[str, str] = {}
    for one in indicators:
        other = alone.pop(one["weight"], None)
        if other is None:
            alone[one["weight"]] = one["code"]
        else:
            yield other, _VARIATION
            yield one["code"], -_VARIATION
