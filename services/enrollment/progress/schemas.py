"""Progress on the wire. Counts are persons; shares are exact decimals."""

from decimal import Decimal

from shared.schemas import View


class FloorView(View):
    """A floor, never a cap: what it counts, of how many, and how many persons are missing."""

    code: str
    zh: str
    en: str
    min_persons: int | None
    min_share: Decimal | None
    numerator: int
    denominator: int | None
    share: Decimal | None
    reached: bool
    missing: int


class OrganisationProgress(View):
    organisation_id: str
    name_zh: str | None
    name_en: str | None
    persons: int
    completed: int


class KindProgress(View):
    code: str
    zh: str
    en: str
    persons: int
    completed: int


class ProgressView(View):
    """`heads` and all counts cover what the caller may see; `floors` need the whole cycle in sight."""

    cycle_id: str
    revision: int
    heads: int
    completed: int
    floors: list[FloorView]
    by_department: list[OrganisationProgress]
    by_institution: list[OrganisationProgress]
    by_class_kind: list[KindProgress]
