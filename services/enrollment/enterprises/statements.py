"""What is stated of an enterprise: one item checked by itself, in the form of the table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.enrollment.enterprises.domain import (
    DepartmentUnknown,
    IndustryUnknown,
    UsccRefused,
    check_tier_dates,
    judge_size,
)
from services.enrollment.enterprises.schemas import ProposeEnterprise
from services.enrollment.identifiers import check_uscc
from services.enrollment.reference import FEN_PER_WAN, industries, size_category
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate
from shared.events.registry import OrganisationState


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one item says of an enterprise, checked and in the form of the table."""

    uscc: str
    name: str
    department_id: str
    industry_code: str
    industry_section: str
    employees: int | None
    revenue_fen: int | None
    assets_fen: int | None
    size_class: str | None
    size_reason: dict[str, Any]
    tier_code: str | None = None
    tier_number: str | None = None
    tier_recognised_on: date | None = None
    tier_expires_on: date | None = None
    tier_edition: str | None = None
    remarks: list[str]

    def columns(self) -> dict[str, Any]:
        """Give what is stated by the columns of the table; unlike `asdict` it copies nothing."""
        return {name: getattr(self, name) for name in self.__slots__}


def check_statement(item: ProposeEnterprise, organisations: Mapping[str, OrganisationState]) -> Stated:
    """Check one item by itself."""
    checked = check_uscc(item.uscc)
    if checked.faults:
        raise UsccRefused(faults=checked.faults)
    industry = industries().get(item.industry_code.upper())
    if industry is None or industry.level == "section":
        raise IndustryUnknown(industry_code=item.industry_code)
    home = organisations.get(item.department_id)
    if home is None or home.kind != "department":
        unknown = DepartmentUnknown(department_id=item.department_id)
        raise RestsOnCopy(unknown, aggregate(OrganisationState.RESOURCE, item.department_id), 0)
    category = size_category(industry.code)
    figures = {
        "employees": item.employees,
        "revenue_fen": _fen(item.revenue_wan),
        "assets_fen": _fen(item.assets_wan),
    }
    size, reason = judge_size(category.id if category else None, category.floors if category else {}, figures)
    if item.tier is not None:
        check_tier_dates(item.tier.recognised_on, item.tier.expires_on)
    return Stated(
        uscc=checked.value,
        name=item.name,
        department_id=item.department_id,
        industry_code=industry.code,
        industry_section=industry.section,
        **figures,
        size_class=size,
        size_reason=reason.to_json(),
        **{f"tier_{name}": value for name, value in item.tier} if item.tier else {},
        remarks=list(checked.remarks),
    )


def _fen(wan: Decimal | None) -> int | None:
    return None if wan is None else int(wan * FEN_PER_WAN)
