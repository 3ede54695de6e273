"""Progress on the wire. Counts are persons; shares are exact decimals."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.enrollment.enterprises.domain import SizeClass
from services.enrollment.reference import departments, industries
from shared.bulk import MOST_ITEMS
from shared.schemas import Code, Count, CycleId, Id, Position, Request, View

Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=5, decimal_places=4, allow_inf_nan=False)]
Recorded = Literal[
    "industry_section", "industry_division", "size_class", "tier", "target_group", "department", "channel"
]


def _industries(level: str) -> frozenset[str]:
    return frozenset(one.code for one in industries().values() if one.level == level)


_CODES: dict[str, Callable[[], frozenset[str]]] = {
    "size_class": lambda: frozenset(get_args(SizeClass)),
    "industry_section": lambda: _industries("section"),
    "industry_division": lambda: _industries("division"),
    "department": lambda: frozenset(one.code for one in departments()),
}
"""The codes that an attribute can have, where no pack decides on them."""


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


class ShareOf(Request):
    """How many of the added heads have a value of an attribute; a department by its code.

    What the pack words is judged by the pack; sizes, industries and departments are the same in every cycle.
    """

    attribute: Recorded
    value: Code
    share: Share

    @field_validator("value")
    @classmethod
    def _known(cls, value: str, info: ValidationInfo) -> str:
        known = _CODES.get(info.data.get("attribute", ""))
        if known is not None and value not in known():
            raise PydanticCustomError("code_unknown", "no such code")
        return value


class AddHeads(Request):
    """Heads of a class that is not there yet; an attribute that no share states counts for no floor."""

    class_kind: Code
    arrangement: Code | None = None
    special_topic: Code | None = None
    persons: Position
    shares: list[ShareOf] = Field(default_factory=list[ShareOf], max_length=100)


class DropRow(Request):
    roster_id: Id
    position: Position


class Drop(Request):
    """Whom to leave out: whole classes, trainees, and rows of approved rosters."""

    class_ids: list[Id] = Field(default_factory=list[Id], max_length=MOST_ITEMS)
    enrolment_ids: list[Id] = Field(default_factory=list[Id], max_length=MOST_ITEMS)
    rows: list[DropRow] = Field(default_factory=list[DropRow], max_length=MOST_ITEMS)


class ChangeCount(Request):
    """Another number of heads for a class; the shares stay those that it has."""

    class_id: Id
    persons: Count


class Assumptions(Request):
    """What is dropped goes first, then classes get other numbers, then heads are added."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "cycle_id": "miit-sme-leaders.cycle",
                    "add": [
                        {
                            "class_kind": "region",
                            "arrangement": "own",
                            "persons": 60,
                            "shares": [{"attribute": "industry_section", "value": "C", "share": "0.30"}],
                        }
                    ],
                }
            ]
        }
    )

    cycle_id: CycleId
    drop: Drop = Drop()
    counts: list[ChangeCount] = Field(default_factory=list[ChangeCount], max_length=MOST_ITEMS)
    add: list[AddHeads] = Field(default_factory=list[AddHeads], max_length=MOST_ITEMS)


class AssumedFloor(View):
    """A floor as it is and as it would be; `flips` when it would be reached, or no longer."""

    code: str
    zh: str
    en: str
    before: ReachView
    after: ReachView
    flips: bool


class AssumedProgress(View):
    cycle_id: str
    revision: int
    heads_before: int
    heads_after: int
    floors: list[AssumedFloor]
