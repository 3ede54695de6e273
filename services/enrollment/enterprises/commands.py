"""Stating enterprises: many at once, one row per credit code, whoever else states it meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.domain import (
    DepartmentUnknown,
    EnterpriseOfAnotherDepartment,
    IndustryUnknown,
    TierEndsBeforeRecognition,
    UsccRefused,
    UsccRepeated,
    check_tier_dates,
    judge_size,
    standing_after,
)
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.queries import enterprise_view
from services.enrollment.enterprises.schemas import EnterpriseView, ProposeEnterprise
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.identifiers import check_uscc
from services.enrollment.plan import get_organisations
from services.enrollment.reference import FEN_PER_WAN, industries, size_category
from shared.bulk import ItemResult, Results, refuse, refused
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.database import upsert
from shared.events.envelope import aggregate
from shared.events.registry import OrganisationState
from shared.ids import new_id
from shared.outbox import record

_REFUSALS = (RestsOnCopy, UsccRefused, UsccRepeated, IndustryUnknown, TierEndsBeforeRecognition)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedEnterprise:
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


async def state_enterprises(
    session: AsyncSession, caller: Caller, items: Sequence[ProposeEnterprise], at: datetime
) -> Results[EnterpriseView]:
    """Take what an organisation says of enterprises; each record is its home department's own."""
    organisation_id = str(caller.organisation_id)
    known = await get_organisations(session, {item.department_id for item in items})
    results: dict[int, ItemResult[EnterpriseView]] = {}
    stated: dict[str, StatedEnterprise] = {}
    places: dict[str, int] = {}
    for index, item in enumerate(items):
        try:
            one = check_enterprise(item, known)
            if one.uscc in places:
                raise UsccRepeated(first=places[one.uscc])
        except _REFUSALS as refusal:
            results[index] = refuse(session, index, refusal)
        else:
            stated[one.uscc] = one
            places[one.uscc] = index
    rows, new, changed = await _store(session, stated, organisation_id, at)
    told = [row for row in rows.values() if row.uscc in new | changed]
    await record(session, *await enterprise_states(session, told, at, {organisation_id: caller.kind}))
    for uscc, index in places.items():
        untouched = uscc not in new | changed
        if untouched and caller.kind == "department" and rows[uscc].department_id != organisation_id:
            results[index] = refused(index, EnterpriseOfAnotherDepartment())
            continue
        status = 201 if uscc in new else 200
        results[index] = ItemResult(index=index, status=status, value=enterprise_view(rows[uscc]))
    return Results(results=[results[index] for index in sorted(results)])


def check_enterprise(
    item: ProposeEnterprise, organisations: Mapping[str, OrganisationState]
) -> StatedEnterprise:
    """Check one item by itself; raises what refuses it."""
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
    return StatedEnterprise(
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


async def _store(
    session: AsyncSession, stated: Mapping[str, StatedEnterprise], organisation_id: str, at: datetime
) -> tuple[dict[str, Enterprise], set[str], set[str]]:
    """Insert what is new and change what is the organisation's own; tell which is which."""
    rows = await _lock(session, set(stated))
    inserted = await insert_enterprises(
        session, [stated[uscc] for uscc in sorted(stated.keys() - rows)], organisation_id, at
    )
    rows |= inserted
    # Somebody else may have inserted the same code since we looked: their row is then the one.
    rows |= await _lock(session, stated.keys() - rows.keys())
    changed = {
        uscc
        for uscc, one in stated.items()
        if uscc not in inserted and _restate(rows[uscc], one, organisation_id, at)
    }
    return rows, set(inserted), changed


async def _lock(session: AsyncSession, codes: set[str]) -> dict[str, Enterprise]:
    if not codes:
        return {}
    rows = select(Enterprise).where(Enterprise.uscc.in_(sorted(codes))).order_by(Enterprise.uscc)
    return {row.uscc: row for row in await session.scalars(rows.with_for_update())}


async def insert_enterprises(
    session: AsyncSession, stated: Sequence[StatedEnterprise], organisation_id: str, at: datetime
) -> dict[str, Enterprise]:
    """Insert those whose code is on no record; give back the ones that were inserted, by code."""
    if not stated:
        return {}
    rows = [enterprise_row(one, organisation_id, at) for one in stated]
    added = upsert(Enterprise).on_conflict_do_nothing(index_elements=["uscc"]).returning(Enterprise)
    return {row.uscc: row for row in await session.scalars(added, rows)}


def enterprise_row(one: StatedEnterprise, organisation_id: str, at: datetime) -> dict[str, Any]:
    """Write down an enterprise as an organisation is the first to state it."""
    return {
        **asdict(one),
        "id": new_id(),
        "status": standing_after(organisation_id, home_now=None, home_named=one.department_id),
        "proposed_by": organisation_id,
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }


def _restate(row: Enterprise, one: StatedEnterprise, organisation_id: str, at: datetime) -> bool:
    """Write what the owner of a record says now; False when nothing is different or it is not theirs."""
    standing = standing_after(organisation_id, home_now=row.department_id, home_named=one.department_id)
    values = {**asdict(one), "status": standing}
    if standing is None or all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = at
    row.version += 1
    return True
