"""What classes can tell. A draft is seen by who would have a part in it, bureau, operator and approver.

A class that was filed is seen by all, its training plan with the budget by those who have to do with it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy import Row as Found
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.documents import show_plan, shown_plan
from services.registry.classes.domain import CO_ORGANISER, DRAFT, INSTITUTION, ClassUnknown
from services.registry.classes.models import Class, ClassOrganiser, TrainingPlan
from services.registry.classes.schemas import ClassView, WholeClassView
from services.registry.cycles.queries import get_kept_pack, list_packs_in_force
from shared.caller import Caller
from shared.events.registry import CoOrganiser
from shared.paging import AskedPage, Page, apply, to_page
from shared.sealed import Sealer

READ_DRAFTS = frozenset({"bureau", "operator"})
NAMING_ACTS = ("agree_training_plans", "approve_classes")
PLAN_ACTS = ("agree_training_plans", "approve_classes", "coordinate_commissioned_classes", "track")

_PLAIN = [getattr(Class, name) for name in ClassView.model_fields if name in Class.__table__.columns]
_TOLD = (
    TrainingPlan.agreed_at.is_not(None).label("plan_agreed"),
    Class.coordinated_at.is_not(None).label("coordinated"),
)


async def get_class(session: AsyncSession, class_id: str, caller: Caller, sealer: Sealer) -> WholeClassView:
    asked = select(Class).where(Class.id == class_id, await visible(session, caller))
    row = await session.scalar(asked)
    if row is None:
        raise ClassUnknown(class_id)
    plan = shown_plan(row)
    shown = plan is not None and await shows_plan(session, row, caller)
    agreed_at = None if row.plan is None else row.plan.agreed_at
    names = sealer if await shows_names(session, row, caller) else None
    told = show_plan(plan, agreed_at, names) if plan and shown else None
    return WholeClassView(**dict(view_of(row)), plan=told)


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
    asked = select(*_PLAIN, *_TOLD).outerjoin(TrainingPlan).where(await visible(session, caller))
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
        cancelled_for=row.cancelled_for,
        cancelled_at=row.cancelled_at,
        filed_by=row.filed_by,
        lead_id=row.lead_id,
        institution_ids=row.institution_ids,
        co_organisers=[CoOrganiser.model_validate(c, from_attributes=True) for c in row.co_organisers],
        place_department_id=row.place_department_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        facets=row.facets,
        plan_agreed=row.plan is not None and row.plan.agreed_at is not None,
        coordinated=row.coordinated_at is not None,
        approved_at=row.approved_at,
        approved_heads=row.approved_heads,
        number=row.number,
        pending_revision_id=row.pending_revision_id,
        version=row.version,
    )


async def visible(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which classes the caller may see."""
    if caller.kind in READ_DRAFTS:
        return true()
    packs = await list_packs_in_force(session)
    approved_here = [pack.cycle_id for pack in packs if caller.holds("approve_classes", pack)]
    own = caller.organisation_id
    return or_(
        Class.status != DRAFT,
        Class.filed_by == own,
        Class.lead_id == own,
        Class.organisers.any(ClassOrganiser.organisation_id == own),
        Class.cycle_id.in_(approved_here),
    )


async def shows_plan(session: AsyncSession, row: Class, caller: Caller) -> bool:
    """Tell whether the caller has a part in the class, consents to its plan, or holds an act over plans."""
    consenting = row.plan.consenting_ids if row.plan else ()
    if caller.organisation_id in {*row.party_ids, *consenting}:
        return True
    return caller.kind in READ_DRAFTS or await _holds_any(session, row, caller, PLAN_ACTS)


async def shows_names(session: AsyncSession, row: Class, caller: Caller) -> bool:
    """Tell whether the caller reads the names of lecturers: a party, the bureau, who agrees or approves."""
    own = caller.kind == "bureau" or caller.organisation_id in row.party_ids
    return own or await _holds_any(session, row, caller, NAMING_ACTS)


async def _holds_any(session: AsyncSession, row: Class, caller: Caller, acts: Iterable[str]) -> bool:
    packs = [pack for pack in await list_packs_in_force(session) if pack.cycle_id == row.cycle_id]
    # Who agrees and approves by the revision that judges the class must read its plan, too.
    packs.append((await get_kept_pack(session, row.cycle_id, row.revision)).pack)
    return any(caller.holds(act, pack) for pack in packs for act in acts)
