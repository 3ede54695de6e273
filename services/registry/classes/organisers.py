"""Who arranges a class: which kinds of organisation file, lead, teach and join in it.

The pack's rule for the kind and arrangement is given as plain values; the same rules serve every cycle.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(eq=False)
class FilerKindNotAllowed(Exception):
    roles: tuple[str, ...]
    class_kind: str
    arrangement: str


@dataclass(eq=False)
class LeadKindNotAllowed(Exception):
    roles: tuple[str, ...]
    class_kind: str
    arrangement: str


@dataclass(eq=False)
class LeadMissing(Exception):
    """The filer does not lead the class itself, and no single institution would."""


@dataclass(eq=False)
class LeadNotInvolved(Exception):
    """The lead is neither the filer nor one of the institutions."""

    lead_id: str


@dataclass(eq=False)
class TopicMissing(Exception):
    class_kind: str


@dataclass(eq=False)
class TopicNotAsked(Exception):
    class_kind: str


@dataclass(eq=False)
class TopicOwnedByOthers(Exception):
    """Special topics belong to whom the pack names (C16)."""

    organisation_id: str


@dataclass(eq=False)
class TooFewInstitutions(Exception):
    given: int
    least: int


@dataclass(eq=False)
class TooManyInstitutions(Exception):
    given: int
    most: int


@dataclass(eq=False)
class OrganiserNamedTwice(Exception):
    organisation_id: str


@dataclass(eq=False)
class CoOrganiserKindNotAllowed(Exception):
    kind: str
    class_kind: str


@dataclass(eq=False)
class CoOrganiserOfOtherKind(Exception):
    """The organisation is registered as another kind than the class says."""

    organisation_id: str
    kind: str
    registered_kind: str


@dataclass(eq=False)
class PlaceNotDepartment(Exception):
    organisation_id: str


def check_filer(
    roles: Collection[str], allowed: Collection[str], *, class_kind: str, arrangement: str
) -> None:
    """Refuse a filer none of whose roles (its kind, and institution if designated) may file."""
    if not set(roles) & set(allowed):
        raise FilerKindNotAllowed(tuple(sorted(roles)), class_kind, arrangement)


def choose_lead(
    given: str | None,
    *,
    filer_id: str,
    filer_leads: bool,
    institution_ids: Collection[str],
) -> str:
    """Answer who leads: as given, else the filer if it may, else the only institution."""
    if given is not None:
        if given != filer_id and given not in institution_ids:
            raise LeadNotInvolved(given)
        return given
    if filer_leads:
        return filer_id
    if len(institution_ids) == 1:
        return next(iter(institution_ids))
    raise LeadMissing


def check_lead(
    roles: Collection[str], allowed: Collection[str], *, class_kind: str, arrangement: str
) -> None:
    if not set(roles) & set(allowed):
        raise LeadKindNotAllowed(tuple(sorted(roles)), class_kind, arrangement)


def check_co_organiser(
    organisation_id: str,
    kind: str,
    registered_kind: str,
    allowed: Collection[str] | None,
    *,
    class_kind: str,
) -> None:
    """Hold a co-organiser to its registered kind and to the kinds that the pack names, if it does (C16)."""
    if kind != registered_kind:
        raise CoOrganiserOfOtherKind(organisation_id, kind, registered_kind)
    if allowed is not None and kind not in allowed:
        raise CoOrganiserKindNotAllowed(kind, class_kind)


def check_place(organisation_id: str, kind: str) -> None:
    if kind != "department":
        raise PlaceNotDepartment(organisation_id)


def check_topic(class_kind: str, *, asked: bool, given: bool) -> None:
    if asked and not given:
        raise TopicMissing(class_kind)
    if given and not asked:
        raise TopicNotAsked(class_kind)


def check_institutions(count: int, *, least: int, most: int | None) -> None:
    """Hold the number of institutions to the pack: 2019 takes exactly one in a commissioned class (C29)."""
    if count < least:
        raise TooFewInstitutions(count, least)
    if most is not None and count > most:
        raise TooManyInstitutions(count, most)


def check_distinct(organisation_ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for organisation_id in organisation_ids:
        if organisation_id in seen:
            raise OrganiserNamedTwice(organisation_id)
        seen.add(organisation_id)
