"""Who may put whom forward, and by which channel (C34, C35)."""

from dataclasses import dataclass
from typing import Literal

Channel = Literal["institution_selected", "department_recommended"]
CLASSES_TAKING_NOMINATIONS = frozenset({"filed", "approved", "running"})


@dataclass(eq=False)
class ClassTakesNoNominations(Exception):
    class_id: str
    state: str


@dataclass(eq=False)
class EnterpriseNotRegistered(Exception):
    """No enterprise is on record under this credit code."""


@dataclass(eq=False)
class NominatorHasNoRole(Exception):
    """A department nominates from its jurisdiction, a body that runs or teaches the class anyone."""

    class_id: str


@dataclass(eq=False)
class NominatedTwiceHere(Exception):
    """An earlier item of the same request names the same person for the same class."""

    first_index: int


@dataclass(eq=False)
class NominationRefused(Exception):
    """Screening found errors; each is listed with its place and with who can put it right."""

    class_id: str
    findings: list[dict[str, str]]


@dataclass(eq=False)
class NominationNotFound(Exception):
    nomination_id: str


def channel_of(
    *,
    kind: str,
    organisation_id: str | None,
    home_department_id: str,
    selectors: frozenset[str],
    class_id: str,
) -> Channel:
    """Tell the channel from who nominates: the home department recommends, the class selects."""
    if kind == "department" and organisation_id == home_department_id:
        return "department_recommended"
    if organisation_id in selectors:
        return "institution_selected"
    raise NominatorHasNoRole(class_id=class_id)


def check_used_by(kind: str, used_by: tuple[str, ...], class_id: str) -> None:
    """Refuse a kind of organisation to which the pack does not give the channel."""
    if kind not in used_by:
        raise NominatorHasNoRole(class_id=class_id)
