"""What goes over the wire about funds. Amounts are integer fen: 100 are one yuan."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.ledgers.domain import EntryKind, Line
from services.registry.organisations.schemas import Word
from shared.schemas import Day, LongText, Name, Request, View

Amount = Annotated[int, Field(strict=True, gt=0, le=10**12)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class Funding(Request):
    line: Line
    source: Name | None = Field(
        default=None, description="Who gave it, an organisation; of local support it must be said (C30)."
    )


class Expense(Request):
    category: Word = Field(
        description="A kind of cost: lodging, meals, teaching … or one that the pack caps."
    )
    head: Name | None = Field(default=None, description="The head of the training plan that foresees it.")
    persons: Quantity | None = None
    days: Quantity | None = None
    class_hours: Quantity | None = None
    justification: LongText | None = Field(
        default=None, description="Needed where it goes over the plan or a cap that warns."
    )


class PostFundEntry(Request):
    """Money that came in, or an expense; exactly one of the two."""

    amount_fen: Amount
    dated_on: Day
    reference: Name = Field(description="The document behind it: a number, or an attachment by id and hash.")
    funding: Funding | None = None
    expense: Expense | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.funding is None) == (self.expense is None):
            raise PydanticCustomError("one_kind", "Give either funding or expense")
        return self


class ReverseFundEntry(Request):
    reason: LongText
    dated_on: Day
    reference: Name


class FundEntryView(View):
    """An entry, in which nothing ever changes; one that `reverses_id` another takes its amount back."""

    id: str
    class_id: str
    number: int
    kind: EntryKind
    item: str = Field(description="The funding line, or the kind of cost.")
    amount_fen: int
    dated_on: date
    reference: str
    source: str | None
    head: str | None
    persons: int | None
    days: int | None
    class_hours: int | None
    exceeded: list[str] = Field(description="cap, plan, unplanned: what it goes over, with justification.")
    justification: str | None
    reverses_id: str | None
    reversed_by_id: str | None = Field(description="The entry that takes this one back.")
    reason: str | None
    revision: int
    posted_at: datetime
    posted_by: str


class LedgerView(View):
    """What the ledger of a class comes to; its id is that of the class."""

    id: str
    cycle_id: str
    entries: int
    funded_fen: dict[str, int] = Field(description="By funding line.")
    spent_fen: dict[str, int] = Field(description="By kind of cost.")
    balance_fen: int
    version: int


class LineSum(View):
    line: str
    zh: str
    en: str
    fen: int


class CapView(View):
    per: str
    max_fen: int
    breach: str


class CostSum(View):
    """What a kind of cost came to, and per person and day as far as its expenses tell those."""

    category: str
    zh: str
    en: str
    fen: int
    person_days: int
    fen_per_person_day: int | None = Field(description="Rounded half up; null where no expense tells days.")
    cap: CapView | None
    over_cap: bool = Field(description="An expense that stands went over the cap.")


class JointCapView(View):
    """What was spent of several kinds of cost that one cap limits together, and what it allows."""

    code: str
    zh: str
    en: str
    covers: list[str]
    per: str
    max_fen: int
    breach: str
    units: int = Field(description="Persons and days, persons or class hours of the kind that tells most.")
    fen: int
    limit_fen: int
    over_cap: bool


class HeadSum(View):
    head: str
    planned_fen: int
    spent_fen: int
    left_fen: int


class LocalSupportView(View):
    """Local fiscal support: what the pack says of it, and what came in (C30)."""

    level: str
    fen: int
    missing: bool = Field(description="The pack requires it and none has come in.")


class FundStatementView(View):
    """What came in for a class and what was spent, against plan and caps (C33)."""

    class_id: str
    cycle_id: str
    entries: int
    funding: list[LineSum]
    costs: list[CostSum]
    joint_caps: list[JointCapView]
    heads: list[HeadSum]
    planned_fen: int
    unplanned_fen: int = Field(description="Spent under no head of the plan.")
    funded_fen: int
    spent_fen: int
    balance_fen: int
    local_support: LocalSupportView


class FundSummaryView(View):
    """What the ledgers of a whole cycle come to, without a word about a class (C30)."""

    cycle_id: str
    classes: int
    funded_fen: dict[str, int]
    spent_fen: dict[str, int]
    supported_classes: int = Field(description="Classes with local fiscal support.")
