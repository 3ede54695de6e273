"""The sums of a sheet, exact throughout: scores as text in, integer hundredths out (Q6).

A score is rounded half-up once, at submission; the weighted total is computed with integers and rounded
once more, half-up. Both are rounded to the decimals of the pack and kept in hundredths.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.evaluation.domain import (
    WHOLE_WEIGHT,
    IndicatorsMissing,
    IndicatorsRepeated,
    IndicatorsUnknown,
    ScoreTooHigh,
)

DECIMALS_READ = 6
_MILLIONTHS = 10**DECIMALS_READ
_PER_HUNDREDTH = _MILLIONTHS // 100


@dataclass(frozen=True, slots=True)
class Scale:
    """The pack's scale: from nought to `top_score`, with so many decimals."""

    top_score: int
    decimals: int

    @property
    def step(self) -> int:
        """The smallest difference of two scores, in hundredths."""
        return 10 ** (2 - self.decimals)


def read_millionths(text: str) -> int:
    """Read a plain decimal with at most six decimals exactly: `87.125` is 87,125,000."""
    whole, _, decimals = text.partition(".")
    return int(whole) * _MILLIONTHS + int(decimals.ljust(DECIMALS_READ, "0"))


def round_half_up(numerator: int, denominator: int) -> int:
    """Round a fraction that is not negative to the nearest integer, a half upwards."""
    return (2 * numerator + denominator) // (2 * denominator)


def check_indicators(given: Sequence[str], expected: Sequence[str]) -> None:
    """Hold a sheet to exactly the leaves of the tree, each once."""
    if repeated := [code for code, times in Counter(given).items() if times > 1]:
        raise IndicatorsRepeated(repeated)
    if unknown := [code for code in given if code not in expected]:
        raise IndicatorsUnknown(unknown)
    if missing := [code for code in expected if code not in given]:
        raise IndicatorsMissing(missing)


def read_scores(texts: Mapping[str, str], scale: Scale) -> dict[str, int]:
    """Read the scores of a sheet by indicator; refuse those above the top score before rounding them."""
    exact = {code: read_millionths(text) for code, text in texts.items()}
    if high := [code for code, score in exact.items() if score > scale.top_score * _MILLIONTHS]:
        raise ScoreTooHigh(high, scale.top_score)
    return {
        code: round_half_up(score, _PER_HUNDREDTH * scale.step) * scale.step for code, score in exact.items()
    }


def weighted_total(scores: Mapping[str, int], weights: Mapping[str, int], scale: Scale) -> int:
    """Weigh a sheet: the sum is exact, and rounded once."""
    weighed = sum(scores[code] * weight for code, weight in weights.items())
    return round_half_up(weighed, WHOLE_WEIGHT * scale.step) * scale.step


def to_text(hundredths: int) -> str:
    """Write hundredths as a decimal: 8713 is `87.13`."""
    return f"{hundredths // 100}.{hundredths % 100:02}"
