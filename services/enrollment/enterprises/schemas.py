"""Enterprises on the wire. Revenue and assets are exact decimals of 万 (10,000 CNY), kept as integer fen."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from services.enrollment.enterprises.domain import SizeClass
from shared.schemas import Count, Day, Id, LongText, Name, Request, View

Wan = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=6, allow_inf_nan=False)]
TierCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", examples=["specialised"])]
Words = Annotated[Name, Field(max_length=80)]


class TierTitle(Request):
    """A title as it was recognised: number, dates and the edition of the rule; never computed (C28)."""

    code: TierCode
    number: Words
    recognised_on: Day
    expires_on: Day | None = None
    edition: Words


class ProposeEnterprise(Request):
    uscc: Annotated[str, Field(min_length=1, max_length=40, examples=["91350100M000100Y43"])]
    name: Name
    department_id: Id
    industry_code: Annotated[str, Field(min_length=1, max_length=5, examples=["C3824", "3824", "C38"])]
    employees: Count | None = None
    revenue_wan: Wan | None = None
    assets_wan: Wan | None = None
    tier: TierTitle | None = None


class TierView(View):
    code: str
    number: str
    recognised_on: date
    expires_on: date | None
    edition: str


class EnterpriseView(View):
    """`size_reason` names the line of the size standard, the floors reached, and those missed for more."""

    id: str
    uscc: str
    name: str
    department_id: str
    status: Literal["proposed", "confirmed"]
    industry_code: str
    industry_section: str
    employees: int | None
    revenue_wan: Decimal | None
    assets_wan: Decimal | None
    size_class: SizeClass | None
    size_reason: dict[str, Any]
    tier: TierView | None
    remarks: list[str]
    version: int


class EnterpriseVersionView(View):
    """A record as it was under one of its versions, who stated it and when."""

    record: EnterpriseView
    stated_by: str
    stated_at: datetime


class RefuseProposal(Request):
    reason: LongText


class ProposalView(View):
    """What somebody says of an enterprise whose record is another's, and what became of it."""

    id: str
    enterprise_id: str
    proposed_by: str
    statement: ProposeEnterprise
    status: Literal["open", "accepted", "refused"]
    proposed_at: datetime
    decided_at: datetime | None
    reason: str | None
