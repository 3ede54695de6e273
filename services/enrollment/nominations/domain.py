"""Who may put whom forward, and by which channel (C34, C35)."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.events.policy import Channel

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
    channels: Iterable[Channel],
    *,
    kind: str,
    organisation_id: str | None,
    home_department_id: str,
    selectors: frozenset[str],
    class_id: str,
) -> str:
    """Tell the channel from who nominates: by the pack, the home department before a role in the class."""
    entitled = {
        "home_department": kind == "department" and organisation_id == home_department_id,
        "class_role": organisation_id in selectors,
    }
    usable = [one for one in channels if entitled[one.entitles] and kind in one.used_by]
    if not usable:
        raise NominatorHasNoRole(class_id=class_id)
    return min(usable, key=lambda one: one.entitles != "home_department").code
