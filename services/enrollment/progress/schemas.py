"""Progress on the wire. Counts are persons; shares are exact decimals."""

from decimal import Decimal

from shared.schemas import View


class ReachView(View):
    """How far a floor is reached: what it counts, of how many, and how many persons are missing."""

    numerator: int
    denominator: int | None
    share: Decimal | None
    reached: bool
    missing: int


class FloorView(ReachView):
    """A floor, never a cap, with the clause that it comes from."""

    code: str
    zh: str
    en: str
    clause: list[str]
    min_persons: int | None
    min_share: Decimal | None


class Counted(View):
    """`counted`: those of the persons whom each floor counts, by its code."""

    persons: int
    completed: int
    counted: dict[str, int]


class OrganisationProgress(Counted):
    organisation_id: str
    name_zh: str | None
    name_en: str | None


class TermProgress(Counted):
    """An entry of a vocabulary of the pack; `share` is that of all persons in sight, never rounded up."""

    code: str
    zh: str
    en: str
    share: Decimal | None


class TierProgress(TermProgress):
    """A tier whose priority is reported and never asked (C28)."""

    priority: bool


class ProgressView(View):
    """`heads` and all counts cover what the caller may see; `floors` need the whole cycle in sight."""

    cycle_id: str
    revision: int
    heads: int
    completed: int
    floors: list[FloorView]
    by_department: list[OrganisationProgress]
    by_institution: list[OrganisationProgress]
    by_class_kind: list[TermProgress]
    by_arrangement: list[TermProgress]
    by_tier: list[TierProgress]
    by_target_group: list[TermProgress]
