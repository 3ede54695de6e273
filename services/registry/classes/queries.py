"""What classes can tell. A draft is seen by filer and lead, bureau, operator and approver.

A class that was filed is seen by all, its training plan with the budget by those who have to do with it.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy import Row as Found
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import CO_ORGANISER, DRAFT, INSTITUTION, ClassUnknown
from services.registry.classes.models import Class, ClassOrganiser, TrainingPlan
from services.registry.classes.schemas import (
    BudgetHead,
    ClassView,
    Course,
    Criteria,
    PlannedVisit,
    TrainingPlanView,
    WholeClassView,
)
from services.registry.cycles.queries import get_kept_pack, list_packs_told
from services.registry.organisations.duties import list_conflicts
from shared.caller import Caller
from shared.events.registry import CoOrganiser
from shared.paging import AskedPage, Page, apply, to_page

_READ_DRAFTS = frozenset({"bureau", "operator"})
_PLAN_ACTS = ("agree_training_plans", "approve_classes", "coordinate_commissioned_classes", "track")

_PLAIN = [getattr(Class, name) for name in ClassView.model_fields if name in Class.__table__.columns]
_TOLD = (
    TrainingPlan.agreed_at.is_not(None).label("plan_agreed"),
    Class.coordinated_at.is_not(None).label("coordinated"),
)


async def get_class(session: AsyncSession, class_id: str, caller: Caller) -> WholeClassView:
    asked = select(Class).where(Class.id == class_id, await _visible(session, caller))
    row = await session.scalar(asked)
    if row is None:
        raise ClassUnknown(class_id)
    shown = row.plan is not None and await _shows_plan(session, row, row.plan, caller)
    pack = (await get_kept_pack(session, row.cycle_id)).pack
    flagged = await list_conflicts(session, pack, {row.lead_id, *row.institution_ids})
    return WholeClassView(
        **dict(view_of(row)),
        plan=plan_of(row.plan) if row.plan and shown else None,
        conflicts=sorted({code for codes in flagged.values() for code in codes}),
    )


async def list_classes(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    status: str | None,
    lead_id: str | None,
) -> Page[dict[str, Any]]:
    """List classes as `ClassView` shows them, in three statements at most.

    Rows go to the wire without becoming entities and views: for a page of a hundred these took three
    quarters of the time, and whole training plans were read to tell whether they are agreed.
    """
    asked = select(*_PLAIN, *_TOLD).outerjoin(TrainingPlan).where(await _visible(session, caller))
    for column, wanted in ((Class.cycle_id, cycle_id), (Class.status, status), (Class.lead_id, lead_id)):
        if wanted is not None:
            asked = asked.where(column == wanted)
    rows = (await session.execute(apply(asked, [Class.id], paging))).all()
    organisers = await _organisers(session, [row.id for row in rows])

    def item(row: Found[*tuple[Any, ...]]) -> dict[str, Any]:
        values = {**row._mapping, **organisers[row.id]}  # noqa: SLF001 - public in all but its name
        return {name: values[name] for name in ClassView.model_fields}

    return to_page(rows, [Class.id], paging, item)


async def _organisers(
    session: AsyncSession, class_ids: Collection[str]
) -> defaultdict[str, dict[str, list[Any]]]:
    """List the institutions and co-organisers of these classes, each in the order of its class."""
    asked = (
        select(
            ClassOrganiser.class_id, ClassOrganiser.organisation_id, ClassOrganiser.role, ClassOrganiser.kind
        )
        .where(ClassOrganiser.class_id.in_(class_ids))
        .order_by(ClassOrganiser.class_id, ClassOrganiser.position)
    )
    found: defaultdict[str, dict[str, list[Any]]] = defaultdict(
        lambda: {"institution_ids": [], "co_organisers": []}
    )
    for class_id, organisation_id, role, kind in await session.execute(asked):
        if role == INSTITUTION:
            found[class_id]["institution_ids"].append(organisation_id)
        elif role == CO_ORGANISER:
            found[class_id]["co_organisers"].append({"organisation_id": organisation_id, "kind": kind})
    return found


def view_of(row: Class) -> ClassView:
    return ClassView(
        id=row.id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        kind=row.kind,
        arrangement=row.arrangement,
        special_topic=row.special_topic,
        title_zh=row.title_zh,
        title_en=row.title_en,
        status=row.status,
        reason=row.reason,
        filed_by=row.filed_by,
        lead_id=row.lead_id,
        institution_ids=row.institution_ids,
        co_organisers=[CoOrganiser.model_validate(c, from_attributes=True) for c in row.co_organisers],
        place_department_id=row.place_department_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        plan_agreed=row.plan is not None and row.plan.agreed_at is not None,
        coordinated=row.coordinated_at is not None,
        approved_at=row.approved_at,
        approved_heads=row.approved_heads,
        version=row.version,
    )


def plan_of(plan: TrainingPlan) -> TrainingPlanView:
    return TrainingPlanView(
        courses=[Course.model_validate(course) for course in plan.courses],
        base_visits=[PlannedVisit.model_validate(visit) for visit in plan.base_visits],
        budget_heads=[BudgetHead.model_validate(head) for head in plan.budget_heads],
        completion=Criteria(min_attendance_percent=plan.min_attendance_percent, min_minutes=plan.min_minutes),
        consenting_ids=plan.consenting_ids,
        planned_minutes=plan.planned_minutes,
        agreed_at=plan.agreed_at,
    )


async def _visible(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which classes the caller may see."""
    if caller.kind in _READ_DRAFTS:
        return true()
    packs = await list_packs_told(session)
    approved_here = [pack.cycle_id for pack in packs if caller.holds("approve_classes", pack)]
    own = caller.organisation_id
    return or_(
        Class.status != DRAFT,
        Class.filed_by == own,
        Class.lead_id == own,
        Class.cycle_id.in_(approved_here),
    )


async def _shows_plan(session: AsyncSession, row: Class, plan: TrainingPlan, caller: Caller) -> bool:
    """Tell whether the caller has a part in the class, consents to its plan, or holds an act over plans."""
    organisers = {organiser.organisation_id for organiser in row.organisers}
    if caller.organisation_id in {row.filed_by, row.lead_id, *organisers, *plan.consenting_ids}:
        return True
    packs = [pack for pack in await list_packs_told(session) if pack.cycle_id == row.cycle_id]
    # Who agrees and approves by the revision that judges the class must read its plan, too.
    packs.append((await get_kept_pack(session, row.cycle_id, row.revision)).pack)
    return caller.kind in _READ_DRAFTS or any(caller.holds(act, pack) for pack in packs for act in _PLAN_ACTS)
