"""The indicator tree: read from `schemes/`, and adapted to what a cycle has (C38).

Indicators stand in neither notice, so the tree is data and says of itself that it is illustrative. A leaf
about something that the pack lacks is left out, and the weights of the others are set again to exactly
100.00. The adapted tree is stored with its round: a later tree changes no round.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from services.evaluation.domain import WHOLE_WEIGHT
from shared.events.policy import PolicyPack
from shared.events.policy.citation import Hundredths
from shared.events.policy.rules import Attribute

_FOLDER = Path(__file__).parent / "schemes"

Concept = Literal["tiers", "course_directions", "fund_ledger"]

_HAS: Mapping[Concept, Callable[[PolicyPack], bool]] = {
    "tiers": lambda pack: bool(pack.tiers),
    "course_directions": lambda pack: bool(pack.course_directions),
    "fund_ledger": lambda pack: pack.funds is not None and pack.funds.ledger.kept,
}


class SchemeUnbalanced(Exception):
    """A defect of the file: the weights of its leaves do not come to exactly 100.00."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Note(_Part):
    """What the tree says of itself."""

    zh: str
    en: str


class Leaf(_Part):
    """An indicator that is scored."""

    code: str
    zh: str
    en: str
    weight: Hundredths
    basis: tuple[str, ...]
    needs_floor: Attribute | None = None
    needs_concept: Concept | None = None

    def fits(self, pack: PolicyPack) -> bool:
        """Tell whether the cycle has what this indicator is about."""
        if self.needs_floor is not None and self.needs_floor not in {one.attribute for one in pack.floors}:
            return False
        return self.needs_concept is None or _HAS[self.needs_concept](pack)


class Group(_Part):
    code: str
    zh: str
    en: str
    leaves: tuple[Leaf, ...]


class Scheme(_Part):
    """A whole tree; `bases` says what the words under `basis` stand for."""

    code: str
    note: Note
    bases: dict[str, str]
    groups: tuple[Group, ...]

    def adapted(self, pack: PolicyPack) -> list[dict[str, Any]]:
        """List the leaves that fit the cycle, each with its group and its weight in hundredths of 100."""
        kept = [(group, leaf) for group in self.groups for leaf in group.leaves if leaf.fits(pack)]
        weights = apportion([int(leaf.weight * 100) for _, leaf in kept])
        return [
            {
                "code": leaf.code,
                "zh": leaf.zh,
                "en": leaf.en,
                "group": group.code,
                "group_zh": group.zh,
                "group_en": group.en,
                "weight": weight,
                "basis": list(leaf.basis),
            }
            for (group, leaf), weight in zip(kept, weights, strict=True)
        ]


@lru_cache
def get_scheme(code: str) -> Scheme:
    """Read a tree that ships with the service; raises SchemeUnbalanced for one that does not come to 100."""
    scheme = Scheme.model_validate(yaml.safe_load((_FOLDER / f"{code}.yaml").read_text("utf-8")))
    if sum(leaf.weight for group in scheme.groups for leaf in group.leaves) * 100 != WHOLE_WEIGHT:
        raise SchemeUnbalanced(code)
    return scheme


def apportion(weights: Sequence[int], whole: int = WHOLE_WEIGHT) -> list[int]:
    """Bring weights to a sum of exactly `whole`, in proportion, by the largest remainders.

    Of equal remainders the earlier one is served first, so the same tree always gets the same weights.
    """
    total = sum(weights)
    shares = [divmod(weight * whole, total) for weight in weights]
    left = whole - sum(share for share, _ in shares)
    served = sorted(range(len(weights)), key=lambda place: (-shares[place][1], place))[:left]
    return [share + (place in served) for place, (share, _) in enumerate(shares)]
