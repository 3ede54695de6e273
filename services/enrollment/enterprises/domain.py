"""Rules of enterprises: who owns a record, and the size class with its reason.

Size class, tier and industry are three separate facts; none is worked out from another.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

SizeClass = Literal["large", "medium", "small", "micro"]
STEPS: tuple[SizeClass, ...] = ("large", "medium", "small")

Floors = Mapping[str, Mapping[str, int]]
"""By step, the least figure of each indicator: a head count, or integer fen."""


@dataclass(eq=False)
class UsccRefused(Exception):
    faults: tuple[str, ...]


@dataclass(eq=False)
class UsccRepeated(Exception):
    """The same code stands twice in one request; `first` is the item that was taken."""

    first: int


@dataclass(eq=False)
class IndustryUnknown(Exception):
    industry_code: str


@dataclass(eq=False)
class DepartmentUnknown(Exception):
    department_id: str


@dataclass(eq=False)
class ProposerUnknown(Exception):
    """Of what kind the proposer is was not heard yet, and so not whether it may see the enterprise (Q11)."""

    organisation_id: str


@dataclass(eq=False)
class TierEndsBeforeRecognition(Exception):
    recognised_on: date
    expires_on: date


@dataclass(eq=False)
class EnterpriseOfAnotherDepartment(Exception):
    """The code is on record with another department, which no department is shown (Q11)."""


@dataclass(eq=False)
class EnterpriseNotFound(Exception):
    enterprise_id: str


@dataclass(eq=False)
class ProposalNotFound(Exception):
    proposal_id: str


@dataclass(eq=False)
class ProposalNotForCaller(Exception):
    """The home department decides what others propose; the caller is another body."""

    proposal_id: str


@dataclass(eq=False)
class ProposalDecided(Exception):
    proposal_id: str
    status: str


@dataclass(frozen=True, slots=True)
class SizeReason:
    """Why a size class was given or not; `missed` are the floors that keep it from the next step up."""

    code: Literal["judged", "figures_missing", "not_covered"]
    category: str | None = None
    reached: Mapping[str, int] = field(default_factory=dict)
    missed: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        # As it comes back from the table: a repeated statement must compare equal.
        return {**asdict(self), "missing": list(self.missing)}


def judge_size(
    category: str | None, floors: Floors, figures: Mapping[str, int | None]
) -> tuple[SizeClass | None, SizeReason]:
    """Give the highest step whose floor is reached on every indicator; below all of them is micro.

    A figure that is not known stops the judgement, unless those known already miss the lowest floor.
    """
    if category is None:
        return None, SizeReason("not_covered")
    missing = tuple(name for name in floors["small"] if figures.get(name) is None)
    missed: Mapping[str, int] = {}
    for step in STEPS:
        failed = _missed(floors[step], figures)
        if not failed:
            if missing:
                return None, SizeReason("figures_missing", category, missing=missing)
            return step, SizeReason("judged", category, reached=dict(floors[step]), missed=missed)
        missed = failed
    return "micro", SizeReason("judged", category, missed=missed)


def _missed(floor: Mapping[str, int], figures: Mapping[str, int | None]) -> dict[str, int]:
    known = {name: figures.get(name) for name in floor}
    return {
        name: floor[name] for name, figure in known.items() if figure is not None and figure < floor[name]
    }


def standing_after(
    organisation_id: str | None, *, home_now: str | None, home_named: str
) -> Literal["proposed", "confirmed"] | None:
    """Say how a record stands after an organisation has stated it; None leaves it as it is.

    The home department owns its record and may hand it over; others propose what is not yet there.
    """
    if home_now is not None and home_now != organisation_id:
        return None
    return "confirmed" if organisation_id == home_named else "proposed"


def check_tier_dates(recognised_on: date, expires_on: date | None) -> None:
    if expires_on is not None and expires_on <= recognised_on:
        raise TierEndsBeforeRecognition(recognised_on=recognised_on, expires_on=expires_on)
